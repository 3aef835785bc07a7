"""One daemon on two interfaces, each with a network of its own: who boots on which, and what of the one is
known on the other."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from inventory.contribution import Contribution
from inventory.host import Firmware, Host, Nic
from inventory.network import Network
from inventory.site import Site
from tests.namespaces import Segment, segment
from tests.peers.daemon_child import DaemonChild
from tests.peers.scripted_machine import ScriptedMachine

pytestmark = pytest.mark.protocol

DECLARED, STRANGER = "52:54:00:07:00:21", "52:54:00:07:00:99"
LAN = Network("lan", "10.7.0.0/24", "lan0", "10.7.0.1", pool=("10.7.0.100", "10.7.0.199"))
ANNEX = Network("annex", "10.8.0.0/24", "lan1", "10.8.0.1", pool=("10.8.0.100", "10.8.0.199"))
W1 = Host("w1", [Nic(DECLARED, "annex")], address="10.8.0.21", firmware=Firmware.BIOS)
SITE = Site("test", [LAN, ANNEX], [W1], domain="test.example")


@dataclass
class Building:
    daemon: DaemonChild
    lan: Segment
    annex: Segment

    def declare(self, site: Site) -> None:
        self.daemon.put(Contribution("site", site=site)).raise_for_status()


@pytest.fixture
def building(tmp_path: Path) -> Iterator[Building]:
    with segment() as lan, segment() as annex:
        server = lan.station("lan0", "10.7.0.1/24")
        annex.plug(server, "lan1", "10.8.0.1/24")
        daemon = DaemonChild(server, tmp_path / "state", "--probe-wait", "0.3")
        daemon.start()
        it = Building(daemon, lan, annex)
        it.declare(SITE)
        yield it
        assert daemon.terminate() == 0
        daemon.admin.close()


def booted(wire: Segment, mac: str) -> tuple[ScriptedMachine, str]:
    """A machine on the wire, and the script that it was given."""
    machine = ScriptedMachine(wire.station("eth0", mac=mac), mac)
    return machine, machine.station.call(machine.boot_from_network)


def test_machines_of_both_boot_at_the_same_time_each_from_the_address_that_it_reaches(
    building: Building,
) -> None:
    with ThreadPoolExecutor(2) as threads:
        both = threads.map(booted, (building.lan, building.annex), (STRANGER, DECLARED))
    (here, its), (there, other) = both
    assert here.address.startswith("10.7.0.1")
    assert there.address == "10.8.0.21"
    assert "10.8.0.1" not in its
    assert "10.7.0.1" not in other
    found = building.daemon.admin.get("/v1/leases").json()
    leased = {one["mac"]: one["network"] for one in found if one["state"] == "leased"}
    assert leased == {STRANGER: "lan", DECLARED: "annex"}


def test_a_machine_in_the_other_network_gets_an_address_of_that_one(building: Building) -> None:
    """Its own is of the network that it is declared in."""
    machine, _ = booted(building.lan, DECLARED)
    assert machine.address.startswith("10.7.0.1")


def test_names_are_those_of_the_site_on_both(building: Building) -> None:
    for wire, own, server in (
        (building.lan, "10.7.0.50/24", "10.7.0.1"),
        (building.annex, "10.8.0.50/24", "10.8.0.1"),
    ):
        client = wire.station("eth0", own)
        asked = client.run("dig", f"@{server}", "w1.test.example", "+short")
        assert asked.stdout == "10.8.0.21\n"


def test_what_is_no_longer_declared_is_served_no_more_and_the_other_goes_on(
    building: Building,
) -> None:
    client = building.annex.station("eth0", "10.8.0.50/24")
    building.declare(replace(SITE, networks=[LAN], hosts=[]))
    silent = client.attempt("dig", "@10.8.0.1", "w1.test.example", "+tries=1", "+time=1")
    assert silent.returncode != 0
    machine, _ = booted(building.lan, STRANGER)
    assert machine.address.startswith("10.7.0.1")
