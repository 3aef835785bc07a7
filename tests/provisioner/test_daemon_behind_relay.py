"""The real daemon and machines behind a router that relays, with dnsmasq as the relay."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from inventory.contribution import Contribution
from inventory.host import Firmware, Host, Nic
from inventory.network import ANY, Network
from inventory.site import Site
from tests.dhcp_clients import Dhclient
from tests.namespaces import NetworkNamespace, Segment, segment
from tests.peers.daemon_child import DaemonChild
from tests.peers.scripted_machine import ScriptedMachine

pytestmark = pytest.mark.protocol

MAC, STRANGER = "52:54:00:07:00:21", "52:54:00:07:00:99"
LAN = Network("lan", "10.7.0.0/24", "lan0", "10.7.0.1", pool=("10.7.0.100", "10.7.0.199"))
FLOOR = Network(
    *("floor", "10.8.0.0/24", "lan0", "10.7.0.1"),
    pool=("10.8.0.100", "10.8.0.199"),
    gateway="10.8.0.1",
    relays=["10.8.0.1"],
    lease_time=60,
)
W1 = Host("w1", [Nic(MAC, "floor")], address="10.8.0.21", firmware=Firmware.BIOS)
SITE = Site("test", [LAN, FLOOR], [W1], domain="test.example")


@dataclass
class Building:
    daemon: DaemonChild
    here: Segment
    floor: Segment

    def hosts_of(self, kind: str) -> list[str]:
        return [event["host"] for event in self.daemon.events(kind)]

    def leases(self) -> dict[str, str]:
        found = self.daemon.admin.get("/v1/leases").json()
        return {one["mac"]: one["address"] for one in found if one["state"] == "leased"}


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture
def building(tmp_path: Path) -> Iterator[Building]:
    with segment() as here, segment() as floor:
        server = here.station("lan0", "10.7.0.1/24")
        router = here.station("eth0", "10.7.0.254/24")
        floor.plug(router, "eth1", "10.8.0.1/24")
        server.run("ip", "route", "add", "10.8.0.0/24", "via", "10.7.0.254")
        router.run("sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward")
        relay(router)
        daemon = DaemonChild(server, tmp_path / "state", "--probe-wait", "0.3")
        daemon.start()
        daemon.put(Contribution("site", site=SITE)).raise_for_status()
        yield Building(daemon, here, floor)
        assert daemon.terminate() == 0
        daemon.admin.close()


def relay(router: NetworkNamespace) -> None:
    router.start(
        *("dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--user=root", "--port=0"),
        *("--interface=eth1", "--interface=eth0", "--bind-interfaces", "--log-facility=-"),
        "--dhcp-relay=10.8.0.1,10.7.0.1",
    )


def test_a_machine_behind_the_relay_boots_with_the_address_of_its_network(
    building: Building,
) -> None:
    """DHCP through the relay, TFTP and its script past it: the script is its own, by its lease."""
    machine = ScriptedMachine(building.floor.station("eth0", mac=MAC), MAC)
    script = machine.station.call(machine.boot_from_network)
    assert script.startswith("#!ipxe")
    assert set(machine.addresses) == {"10.8.0.21"}
    status = building.daemon.admin.get("/v1/status").json()
    assert [network["name"] for network in status["networks"]] == ["lan", "floor"]
    assert building.leases() == {MAC: "10.8.0.21"}
    until(lambda: building.hosts_of("FileSent") == building.hosts_of("ScriptServed") == ["w1"])


def test_machines_here_and_there_get_addresses_of_their_networks(building: Building) -> None:
    here = ScriptedMachine(building.here.station("eth0", mac=STRANGER), STRANGER)
    here.station.call(here.boot_from_network)
    there = ScriptedMachine(building.floor.station("eth0", mac=MAC), MAC)
    there.station.call(there.boot_from_network)
    assert here.address.startswith("10.7.0.1")
    assert there.address == "10.8.0.21"


def test_perfdhcp_as_the_relay_of_a_crowd(building: Building) -> None:
    """Kea's load generator gives its own address as giaddr; each of its clients is another MAC."""
    crowd = building.here.station("eth0", "10.7.0.253/24")
    crowd.run("ip", "address", "add", "10.8.0.2/32", "dev", "eth0")
    building.daemon.station.run("ip", "route", "add", "10.8.0.2/32", "via", "10.7.0.253")
    open_to_all = replace(FLOOR, clients=ANY, relays=["10.8.0.1", "10.8.0.2"])
    site = replace(SITE, networks=[LAN, open_to_all])
    building.daemon.put(Contribution("site", site=site)).raise_for_status()
    done = crowd.attempt(
        *("perfdhcp", "-4", "-r", "50", "-R", "60", "-n", "60", "-W", "1000000"),
        *("-l", "10.8.0.2", "10.7.0.1"),
    )
    assert done.stdout.count("drops: 0") == 2, done.stdout + done.stderr
    leased = set(building.leases().values())
    assert len(leased) == 60
    assert all(address.startswith("10.8.0.1") for address in leased)


def test_dhclient_renews_and_releases_past_the_relay(building: Building, tmp_path: Path) -> None:
    """RFC 2131, 4.3.6: a renewal is unicast, and comes without giaddr."""
    folder = tmp_path / "client"
    folder.mkdir()
    client = Dhclient(building.floor.station("eth0", mac=MAC), folder)
    running = client.start()
    client.wait_for_note("BOUND 10.8.0.21 w1")
    client.station.run("ip", "route", "replace", "default", "via", "10.8.0.1")
    client.wait_for_note("RENEW 10.8.0.21 w1", seconds=60)
    running.kill()
    running.wait()
    assert building.leases() == {MAC: "10.8.0.21"}
    client.release()
    until(lambda: building.leases() == {})
