"""A rehearsal without its machines: how it ends, and what its report then says."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest

from harmony.domain.outcome import Outcome
from harmony.maestro import Maestro
from inventory.errors import OperatorError
from kvm.acceleration import Acceleration
from kvm.lab.lab import Lab
from kvm.lab.limits import Limits
from kvm.lab.site_machines import site_machines
from kvm.machine import Virtualization
from provisioner.cli.marks import mark
from provisioner.cli.patience import Patience
from provisioner.cli.phases import Phase
from provisioner.cli.rehearsal import Rehearsal, rehearse
from provisioner.cli.rehearse import Wishes
from provisioner.cli.report import Report
from tests.harmony.modules.kubernetes.cluster_objects import node
from tests.harmony.modules.kubernetes.recording_site import RecordingSite
from tests.harmony.scripted import Thing
from tests.peers.served_site import SITE
from tests.provisioner.cli.running import Stage

pytestmark = pytest.mark.protocol

DISCOVER: dict[str, Any] = {
    "seq": 1,
    "host": "cp1",
    "kind": "DiscoverHeard",
    "time": 120.0,
    "detail": {},
}
REPORTED: dict[str, Any] = {
    "seq": 2,
    "host": "cp1",
    "kind": "FirstBootReported",
    "time": 190.0,
    "detail": {},
}


async def never() -> None:
    raise AssertionError("nobody wanted it to be kept")


@dataclass
class Rehearsing:
    """A rehearsal of two hosts in the given states."""

    stage: Stage
    states: dict[str, str | None]
    wishes: Wishes = field(default_factory=lambda: Wishes(until="ready"))
    cluster: RecordingSite = field(default_factory=lambda: RecordingSite(api_up=True))
    kept: Callable[[], Awaitable[None]] = never
    things: tuple[Thing, ...] = (Thing("vase"),)
    concluded: list[Report] = field(default_factory=list[Report])
    slowness: float = 1.0

    def report(self) -> Report:
        stage = self.stage
        for name, state in self.states.items():
            stage.views.hosts.append({"host": name, "state": state, "reason": ""})
        maestro = Maestro[Any](stage.room)
        maestro.register(*self.things)
        rehearsal = Rehearsal(
            site=SITE,
            declaration="ab" * 32,
            wishes=self.wishes,
            lab=_lab(stage.folder),
            run=stage.run,
            maestro=maestro,
            patience=Patience("emulation", self.slowness, 1.0),
            installed={"qemu-system-x86": "7.2"},
            began=100.0,
            cluster_api=self.cluster,
            clusters=("home",),
            conclude=self.concluded.append,
            kept=self.kept,
        )
        report = asyncio.run(asyncio.wait_for(rehearse(rehearsal), 60))
        assert self.concluded == [report]
        return report


def _lab(folder: Path) -> Lab:
    limits = Limits.of_machine(2, 8192, Virtualization.EMULATION)
    machines = site_machines(SITE, folder, limits, {})
    emulation = Acceleration(Virtualization.EMULATION, "there is no /dev/kvm")
    return Lab(cast(Any, None), machines, emulation, folder)


def waits() -> dict[str, list[Outcome | Exception]]:
    """The script of a Score that is not done before its machines are."""
    return {"vase": [Outcome.running("waiting for water")] * 1000}


def test_the_goal_of_hosts_is_reached(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    stage.room.script = waits()
    report = Rehearsing(stage, {"cp1": "ready", "w1": "ready"}).report()
    assert (report.passed, report.failure) == (True, "")
    assert [(host.name, host.state) for host in report.hosts] == [("cp1", "ready"), ("w1", "ready")]
    assert stage.daemon.wanted[-1] == "stop"


def test_the_goal_of_scores_is_reached_and_phases_run_to_the_node(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    stage.views.events += [DISCOVER, REPORTED]
    stage.run.hosts.marks.append(mark("PoweredOn", "cp1", 100.0))
    ready = node("cp1")
    ready["status"]["conditions"][0]["lastTransitionTime"] = "1970-01-01T00:05:00Z"
    rehearsing = Rehearsing(stage, {"cp1": "ready", "w1": "ready"}, Wishes())
    rehearsing.cluster.put(ready)
    report = rehearsing.report()
    assert report.passed
    assert [score.status for score in report.scores] == ["success"]
    assert report.hosts[0].phases == (
        Phase("firmware", 100.0, 20.0),
        Phase("network boot", 120.0, 70.0),
        Phase("joining", 190.0, 110.0),
    )


def test_what_the_daemon_can_not_name_yet_is_told_by_the_labs_macs(tmp_path: Path) -> None:
    """A host that is known by its serial number is nobody until its machine has reported."""
    stage = Stage(tmp_path)
    stage.run.hosts.marks.append(mark("PoweredOn", "cp1", 100.0))
    early = DISCOVER | {"host": None, "mac": "52:54:00:07:00:11"}
    stranger = DISCOVER | {"seq": 2, "host": None, "mac": "52:54:00:99:99:99", "time": 119.0}
    again = DISCOVER | {"seq": 3, "time": 189.0}
    stage.views.events += [early, stranger, again, REPORTED | {"seq": 4}]
    report = Rehearsing(stage, {"cp1": "ready", "w1": "ready"}, Wishes()).report()
    assert [phase.name for phase in report.hosts[0].phases] == [
        "firmware",
        "network boot",
        "joining",
    ]
    assert report.hosts[0].phases[0] == Phase("firmware", 100.0, 20.0)


def test_its_diagnosis_has_them_too(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    stage.room.script = waits()
    stage.views.events.append(DISCOVER | {"host": None, "mac": "52:54:00:07:00:11"})
    report = Rehearsing(stage, {"cp1": "failed", "w1": None}).report()
    assert "last:  DiscoverHeard" in report.failure


def test_a_kept_rehearsal_is_served_and_kept_up_until_the_person_has_seen_enough(
    tmp_path: Path,
) -> None:
    stage = Stage(tmp_path)
    rehearsing = Rehearsing(stage, {"cp1": "ready", "w1": "ready"}, Wishes(keep=True))

    async def kept() -> None:
        assert rehearsing.concluded[0].passed
        assert "stop" not in stage.daemon.wanted
        stage.views.hosts.append({"host": "w2", "state": "discovered", "reason": ""})
        while "w2" not in stage.run.hosts.hosts:  # noqa: ASYNC110 - the daemon is still followed
            await asyncio.sleep(0.01)

    rehearsing.kept = kept
    assert rehearsing.report().passed
    assert stage.daemon.wanted[-1] == "stop"


def test_what_ends_a_kept_rehearsal_does_not_change_its_verdict(tmp_path: Path) -> None:
    stage = Stage(tmp_path)

    async def broken() -> None:
        raise OperatorError("the daemon was taken away")

    rehearsing = Rehearsing(stage, {"cp1": "ready"}, Wishes(keep=True), kept=broken)
    assert rehearsing.report().passed
    assert stage.notebook.said[-1] == "kept no longer: the daemon was taken away"


def test_a_rehearsal_without_scores(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    report = Rehearsing(stage, {"cp1": None}, Wishes(), things=()).report()
    assert (report.passed, report.scores) == (True, ())


def test_without_a_cluster_there_is_no_node(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    rehearsing = Rehearsing(stage, {"cp1": "ready"}, Wishes(), RecordingSite(api_up=False))
    assert rehearsing.report().passed


def test_a_failed_machine_is_diagnosed_with_its_console(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    stage.room.script = waits()
    stage.views.events.append(DISCOVER)
    console = tmp_path / "cp1" / "console.log"
    console.parent.mkdir()
    console.write_text("SeaBIOS\n\nPanic!\n")
    report = Rehearsing(stage, {"cp1": "failed", "w1": None}).report()
    assert not report.passed
    assert report.failure.splitlines()[0] == "cp1 is stuck in state failed"
    assert report.failure.splitlines()[-2:] == ["  console| SeaBIOS", "  console| Panic!"]


def test_a_machine_without_a_console(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    stage.room.script = waits()
    report = Rehearsing(stage, {"cp1": "failed", "w1": None}).report()
    assert "console|" not in report.failure


def test_a_score_that_fails(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    stage.room.script = {"vase": [OperatorError("there is no water")]}
    report = Rehearsing(stage, {"cp1": None}, Wishes()).report()
    assert report.failure == "thing/vase: interpret: there is no water"


def test_time_is_up(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    stage.room.script = waits()
    report = Rehearsing(stage, {"cp1": None}, Wishes(until="ready", timeout=0.05)).report()
    lines = report.failure.splitlines()
    assert lines[0] == "not finished within 0.05 minutes (--timeout)"
    assert lines[1] == "cp1 is stuck in state unseen"
    assert lines[-2:] == ['Thing "vase" is not done', "  interpret: waiting for water"]


def test_scores_that_never_get_on_though_every_machine_is_ready(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    in_turn: list[Outcome | Exception] = [Outcome.running("no water"), Outcome.running("dry")]
    stage.room.script = {"vase": in_turn * 500}
    ready: dict[str, str | None] = {"cp1": "ready", "w1": "ready"}
    report = Rehearsing(stage, ready, Wishes(), slowness=0.002).report()
    assert not report.passed
    first, name, words, *_ = report.failure.splitlines()
    assert (first, name) == (
        "every machine is ready, but no Score gets on",
        'Thing "vase" is not done',
    )
    assert words in ("  interpret: no water", "  interpret: dry")


def test_scores_have_the_time_that_the_person_gives_them(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    stage.room.script = waits()
    ready: dict[str, str | None] = {"cp1": "ready", "w1": "ready"}
    report = Rehearsing(stage, ready, Wishes(timeout=0.05), slowness=0.002).report()
    assert report.failure.splitlines() == [
        "not finished within 0.05 minutes (--timeout)",
        'Thing "vase" is not done',
        "  interpret: waiting for water",
    ]


def test_a_daemon_that_is_gone_at_the_end_leaves_the_verdict(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    stage.views.gone = True
    report = Rehearsing(stage, {}, Wishes()).report()
    assert report.passed
    assert [host.state for host in report.hosts] == ["unseen", "unseen"]


@pytest.mark.parametrize(
    ("scene", "refusal", "failure"),
    [
        ("refuses", "", "boot-programs was not built: no mirror answers"),
        ("finishes", "port 67 is in use", "port 67 is in use"),
    ],
)
def test_what_can_not_even_begin(tmp_path: Path, scene: str, refusal: str, failure: str) -> None:
    stage = Stage(tmp_path, scene, refusal)
    report = Rehearsing(stage, {"cp1": None}).report()
    assert (report.passed, report.failure) == (False, failure)
    assert stage.daemon.wanted[-1] == "stop"
