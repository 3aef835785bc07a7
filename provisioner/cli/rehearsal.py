"""One rehearsal, inside its lab: the very code of `serve`, until the goal or a stuck machine."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, assert_never

from harmony.domain.capability.kubernetes_api import KubernetesApi
from harmony.domain.outcome import Outcome
from harmony.maestro import Maestro
from inventory.errors import HarmonyError, OperatorError, PeerError
from inventory.machine_state import MachineState
from inventory.site import Site
from kvm.lab.lab import Lab
from provisioner.cli.carry_out import Run, carry_out, services
from provisioner.cli.error_words import error_words
from provisioner.cli.goal import DONE, Goal, Reached, Stalled, Stuck, Verdict
from provisioner.cli.marks import ready_nodes
from provisioner.cli.patience import Patience
from provisioner.cli.rehearsal_report import Evidence, report_of
from provisioner.cli.rehearse import Wishes
from provisioner.cli.report import Report
from provisioner.cli.stuck import diagnose


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """All that one rehearsal is about. `conclude` hears the report, and `kept`, with `--keep`, returns
    when the person has seen enough: all that long the site is served and its Scores are kept up."""

    site: Site
    declaration: str
    wishes: Wishes
    lab: Lab
    run: Run
    maestro: Maestro[Any]
    patience: Patience
    installed: Mapping[str, str]
    began: float
    cluster_api: KubernetesApi
    clusters: tuple[str, ...]
    conclude: Callable[[Report], None]
    kept: Callable[[], Awaitable[None]]

    @property
    def hosts(self) -> tuple[str, ...]:
        """Those that have a machine in the lab."""
        return tuple(machine.name for machine in self.lab.machines)

    def events(self, after: int = 0) -> tuple[Mapping[str, Any], ...]:
        """The daemon's, from that one on, each with its host. The daemon can't name a host that is known
        by serial number or rule before its machine has reported; the lab knows whose MAC it is."""
        owners = {nic.mac: machine.name for machine in self.lab.machines for nic in machine.nics}
        return tuple(
            {**event, "host": event["host"] or owners.get(event["mac"])}
            for event in self.run.hosts.events[after:]
        )


async def rehearse(rehearsal: Rehearsal) -> Report:
    """The whole run; whatever ends it, the report says so."""
    report: Report | None = None
    try:
        async with services(rehearsal.run) as group:
            ends: asyncio.Queue[Mapping[str, Outcome]] = asyncio.Queue()
            scores = group.create_task(_carry_out(rehearsal, ends.put_nowait))
            failure = await _until_over(rehearsal, group, ends)
            await _last_look(rehearsal)
            report = _concluded(rehearsal, failure)
            if rehearsal.wishes.keep:
                await rehearsal.kept()
            scores.cancel()
    except HarmonyError as error:
        if report is None:
            report = _concluded(rehearsal, error_words(error))
        else:
            rehearsal.run.watch.say(f"kept no longer: {error_words(error)}")
    await rehearsal.run.daemon.stop()
    return report


async def _carry_out(rehearsal: Rehearsal, ended: Callable[[Mapping[str, Outcome]], None]) -> None:
    """`ended` hears how all Scores ended; of a kept rehearsal they are kept up, and tried again."""
    keep = rehearsal.wishes.keep
    ended(await carry_out(rehearsal.run, rehearsal.maestro, keep=keep, ended=ended))


def _concluded(rehearsal: Rehearsal, failure: str) -> Report:
    report = report_of(_evidence(rehearsal), failure)
    rehearsal.conclude(report)
    return report


async def _last_look(rehearsal: Rehearsal) -> None:
    """For the report; what can't be seen any more is not in it."""
    with contextlib.suppress(PeerError):
        await rehearsal.run.hosts.look()
    with contextlib.suppress(PeerError, OperatorError):
        nodes = await ready_nodes(rehearsal.cluster_api, rehearsal.clusters)
        rehearsal.run.hosts.marks.extend(nodes)


async def _until_over(
    rehearsal: Rehearsal, group: asyncio.TaskGroup, ends: asyncio.Queue[Mapping[str, Outcome]]
) -> str:
    """Empty if the goal was reached, else the diagnosis. `ends` has the Scores' ends, once there are."""
    ended = group.create_task(ends.get())
    verdict = group.create_task(_verdict(rehearsal))
    minutes = rehearsal.wishes.timeout
    try:
        await asyncio.wait(
            (ended, verdict),
            timeout=None if minutes is None else minutes * 60,
            return_when=asyncio.FIRST_COMPLETED,
        )
        if verdict.done():
            return _words(rehearsal, verdict.result())
        if not ended.done():
            return _late(rehearsal, f"not finished within {minutes:g} minutes (--timeout)")
        bad = [
            f"{key}: {out.message}" for key, out in ended.result().items() if not out.status.good
        ]
        if bad:
            return "\n".join(bad)
        if rehearsal.wishes.until == DONE:
            return ""
        return _words(rehearsal, await verdict)
    finally:
        for task in (ended, verdict):
            task.cancel()


async def _verdict(rehearsal: Rehearsal) -> Verdict:
    timed = rehearsal.wishes.timeout is not None
    goal = Goal(rehearsal.hosts, rehearsal.wishes.until, timed)
    heard = news = 0
    await rehearsal.run.builds.until("ramdisk")
    while True:
        now = time.monotonic()
        events = rehearsal.events(heard)
        for event in events:
            if event["host"]:
                rehearsal.patience.hear(event["host"], now)
        heard += len(events)
        if rehearsal.run.words.news > news:
            news = rehearsal.run.words.news
            rehearsal.patience.hear_scores(now)
        building = not rehearsal.run.builds.all_done()
        views = rehearsal.run.hosts.hosts
        if found := goal.judge(views, rehearsal.patience, now, building=building):
            return found
        await asyncio.sleep(0.5)


def _words(rehearsal: Rehearsal, verdict: Verdict) -> str:
    match verdict:
        case Reached():
            return ""
        case Stuck(host):
            return _diagnosis(rehearsal, host)
        case Stalled():
            return _late(rehearsal, "every machine is ready, but no Score gets on")
        case _:
            assert_never(verdict)


def _late(rehearsal: Rehearsal, words: str) -> str:
    """The words, of each machine that is not ready what it last did and should do next, and what each
    Score waits for."""
    views = rehearsal.run.hosts.hosts
    states = {name: (views.get(name) or {}).get("state") for name in rehearsal.hosts}
    behind = [name for name, state in states.items() if state != MachineState.READY]
    waiting = [
        "\n  ".join((f"{name} is not done", *lines))
        for name, lines in rehearsal.run.words.unfinished().items()
    ]
    return "\n".join([words, *(_diagnosis(rehearsal, name) for name in behind), *waiting])


def _diagnosis(rehearsal: Rehearsal, name: str) -> str:
    view = rehearsal.run.hosts.hosts.get(name, {"host": name})
    events = [event for event in rehearsal.events() if event["host"] == name]
    return diagnose(view, events, _console(rehearsal.lab, name)).text()


def _console(running: Lab, name: str, count: int = 20) -> list[str]:
    try:
        text = running.console(name).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    return [line for line in text.splitlines() if line.strip()][-count:]


def _evidence(rehearsal: Rehearsal) -> Evidence:
    return Evidence(
        site=rehearsal.site,
        declaration=rehearsal.declaration,
        began=rehearsal.began,
        ended=time.time(),
        until=rehearsal.wishes.until,
        hosts=rehearsal.hosts,
        views=rehearsal.run.hosts.hosts,
        events=(*rehearsal.run.hosts.marks, *rehearsal.events()),
        scores=tuple(rehearsal.run.scores.values()),
        acceleration=rehearsal.lab.acceleration,
        versions=rehearsal.run.builds.versions,
        installed=rehearsal.installed,
        artifacts=rehearsal.run.builds.artifacts(),
    )
