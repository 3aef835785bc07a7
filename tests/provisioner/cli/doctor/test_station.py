from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from inventory.errors import OperatorError
from provisioner.cli.doctor.station import CARD, Station, own_mac
from tests.foreign_servers import dnsmasq
from tests.namespaces import NetworkNamespace, Segment, segment

pytestmark = pytest.mark.protocol

MAC = "02:48:50:00:00:07"


@pytest.fixture
def wire() -> Iterator[Segment]:
    with segment() as made:
        yield made


def refusal(computer: NetworkNamespace, interface: str) -> str:
    def enter() -> str:
        with pytest.raises(OperatorError) as refused, Station(interface, MAC):
            pass
        return str(refused.value)

    return computer.call(enter)


def refuses(address: str) -> bool:
    """Whether somebody at the address says that nobody listens: the way there and back is clear."""
    try:
        socket.create_connection((address, 1), timeout=3).close()
    except ConnectionRefusedError:
        return True
    except OSError:
        return False
    return False


@pytest.mark.parametrize("of_the_hub", [True, False])
def test_it_is_a_machine_on_the_wire(wire: Segment, of_the_hub: bool) -> None:
    """Through a bridge of this computer, and beside a card of it."""
    wire.station("lan0", "10.7.0.5/24")
    computer, interface = (wire.hub, "br0") if of_the_hub else (wire.station("eth7"), "eth7")

    def look() -> tuple[bool, bool]:
        with Station(interface, MAC) as station:
            before = station.call(lambda: refuses("10.7.0.5"))
            station.ip("address", "add", "10.7.0.66/24", "dev", CARD)
            with pytest.raises(OperatorError, match=r"^ip route add nonsense: "):
                station.ip("route", "add", "nonsense")
            return before, station.call(lambda: refuses("10.7.0.5"))

    assert computer.call(look) == (False, True)


def test_its_mac_says_that_it_is_ours_and_whose(wire: Segment) -> None:
    computer = wire.station("lan0", mac="52:54:00:07:00:11")
    assert computer.call(lambda: own_mac("lan0")) == "02:48:50:07:00:11"


def test_an_interface_that_can_not_be_looked_from(wire: Segment) -> None:
    computer = wire.station("lan0", "10.7.0.9/24")
    assert "does not exist" in refusal(computer, "wan0")
    computer.run("ip", "link", "set", "lan0", "down")
    assert refusal(computer, "lan0") == "interface lan0 is down (ip link set lan0 up)"


def test_from_the_server_itself_only_where_it_serves_a_bridge(wire: Segment) -> None:
    computer = wire.station("eth0", "10.7.0.1/24")
    with dnsmasq(computer, "10.7.0.50", "10.7.0.60"):
        words = refusal(computer, "eth0")
        assert words.startswith("this computer serves DHCP itself, and eth0 is no bridge")
        assert "on another computer of that network" in words
        for command in ("add br1 type bridge forward_delay 0", "set br1 up"):
            computer.run("ip", "link", *command.split())
        computer.call(lambda: Station("br1", MAC).__enter__().close())


def test_from_an_interface_beside_the_one_that_is_served(wire: Segment) -> None:
    """As where libvirt's own network has a DHCP server."""
    computer = wire.station("eth0", "10.7.0.1/24")
    for command in ("add side0 type veth peer name side1", "set side0 up", "set side1 up"):
        computer.run("ip", "link", *command.split())
    with dnsmasq(computer, "10.7.0.50", "10.7.0.60"):
        computer.call(lambda: Station("side0", MAC).__enter__().close())


def test_nothing_is_left_of_it(wire: Segment) -> None:
    computer = wire.station("lan0", "10.7.0.9/24")
    before = computer.run("ip", "link").stdout
    for _ in range(2):
        computer.call(lambda: Station("lan0", MAC).__enter__().close())
    assert computer.run("ip", "link").stdout == before
    hub = wire.hub.run("ip", "-brief", "link").stdout
    wire.hub.call(lambda: Station("br0", MAC).__enter__().close())
    assert "doctor" not in wire.hub.run("ip", "-brief", "link").stdout
    assert "doctor" not in hub
