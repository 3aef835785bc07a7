from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, replace

import pytest
from typing_extensions import override

from harmony.domain.capability.power_control import PowerCondition, PowerQuery, PowerState
from harmony.domain.document import from_document, to_document
from harmony.domain.outcome import Status
from harmony.modules.machines.installed_hosts import InstalledHosts, plain_config
from tests.harmony.idempotence import assert_idempotent
from tests.harmony.modules.kubernetes.examples import CP1, W1
from tests.harmony.modules.kubernetes.recording_site import RecordingSite

pytestmark = pytest.mark.unit

HOSTS = InstalledHosts([CP1, W1])


@dataclass
class PlainSite(RecordingSite):
    """No kubelet is on what is installed here."""

    @override
    def _kubelet_asks(self, host: str) -> None:
        pass


@dataclass
class DarkSite(PlainSite):
    """Somebody has to press the buttons, and nobody does."""

    @override
    async def observe_power(self, query: PowerQuery) -> PowerCondition:
        name = query.host.name
        return PowerCondition(name, PowerState.UNKNOWN, f"press power on {name}")


def test_second_run_changes_nothing() -> None:
    site = PlainSite()
    outcome = assert_idempotent(site, HOSTS)
    assert outcome.message == "installed and reporting: cp1, w1"


def test_what_it_does_and_in_which_order() -> None:
    site = PlainSite(preparing={"node-image"})
    first = asyncio.run(HOSTS.interpret().execute(site))
    assert first.status is Status.RUNNING
    assert first.message == "waiting for node-image, 61 %, about 2 min"
    assert site.writes == ["power cp1", "power w1"]

    site.preparing.clear()
    second = asyncio.run(HOSTS.interpret().execute(site))
    assert second.message == "waiting for cp1 (assigned), w1 (assigned)"
    assert site.writes == ["power cp1", "power w1", "installations"]
    ordered = [(one.host, one.image.name, one.arguments) for one in site.installed()]
    assert ordered == [("cp1", "node-image", ""), ("w1", "node-image", "")]


def test_a_person_is_told_what_to_press() -> None:
    outcome = asyncio.run(HOSTS.interpret().execute(DarkSite()))
    assert outcome.details == ("press power on cp1", "press power on w1")


def test_a_host_that_is_to_be_reinstalled_gets_its_ignition_anew() -> None:
    site = PlainSite()
    assert_idempotent(site, HOSTS)
    before = site.orders["w1"]
    site.reinstall("w1")
    upkeep = HOSTS.upkeep()
    messages = [asyncio.run(upkeep.execute(site)).message for _ in range(2)]
    assert messages == ["waiting for w1 (installed)", "installed and reporting: cp1, w1"]
    assert site.orders["w1"] != before


def test_a_host_that_runs_something_else_is_told() -> None:
    site = PlainSite()
    assert assert_idempotent(site, HOSTS).details == ()
    site.orders["w1"] = replace(site.orders["w1"], image_sha256="of another image")
    outcome = asyncio.run(HOSTS.interpret().execute(site))
    assert outcome.status is Status.NOOP
    assert outcome.details == (
        "w1 runs an older image: `provisioner hosts reinstall w1` brings the new one",
    )


def test_the_whole_config() -> None:
    site = PlainSite()
    asyncio.run(HOSTS.interpret().execute(site))
    name = {
        "contents": {"source": "data:,w1%0A"},
        "mode": 0o644,
        "overwrite": True,
        "path": "/etc/hostname",
    }
    assert site.ignition("w1") == {
        "ignition": {"version": "3.3.0"},
        "storage": {"files": [name]},
    }
    assert plain_config(W1) == plain_config(W1)


def test_json_there_and_back() -> None:
    document = json.loads(json.dumps(to_document(HOSTS)))
    assert from_document(document, (InstalledHosts,)) == HOSTS


def test_the_order_of_hosts_makes_no_other_score() -> None:
    assert InstalledHosts([W1, CP1]).key() == HOSTS.key() == "installed-hosts/cp1,w1"
