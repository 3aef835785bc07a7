from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from ipaddress import IPv6Address

import pytest
from scapy.layers.inet6 import ICMPv6ND_RA, ICMPv6ND_RS, ICMPv6NDOptSrcLLAddr, IPv6
from scapy.layers.l2 import Ether
from scapy.packet import Packet

from provisioner.protocol.dhcp.client import ClientKind
from provisioner.protocol.dhcp.event import RequestHeard, RouterAbsenceTold
from provisioner.serve.router_absence import RouterAbsence
from tests.namespaces import NetworkNamespace, Segment, segment
from tests.served import Events, serving

pytestmark = pytest.mark.protocol

MAC = "52:54:00:07:00:11"
LINK_LOCAL = "fe80::5054:ff:fe07:11"
IN_IPXE = RequestHeard(MAC, ClientKind.IPXE, None, None)
IN_RAMDISK = RequestHeard(MAC, ClientKind.RAMDISK, None, None)
SOLICITATION = bytes(
    Ether(src=MAC, dst="33:33:00:00:00:02")
    / IPv6(src=LINK_LOCAL, dst="ff02::2", hlim=255)
    / ICMPv6ND_RS()
    / ICMPv6NDOptSrcLLAddr(lladdr=MAC)
)


@pytest.fixture
def wire() -> Iterator[Segment]:
    with segment() as made:
        yield made


def asked(station: NetworkNamespace, wait: float) -> Packet | None:
    """The Router Advertisement that comes back to a station that asks like iPXE, if one does."""

    def ask() -> Packet | None:
        with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x86DD)) as frames:
            frames.bind(("eth0", 0x86DD))
            frames.settimeout(wait)
            frames.send(SOLICITATION)
            try:
                while True:
                    frame = Ether(frames.recv(2048))
                    if ICMPv6ND_RA in frame:
                        return frame
            except TimeoutError:
                return None

    return station.call(ask)


def test_only_a_machine_in_ipxe_is_told(wire: Segment) -> None:
    station = wire.station("lan0", "10.7.0.1/24", "0a:00:00:00:00:01")
    machine = wire.station("eth0", mac=MAC)
    events, now = Events(), [0.0]
    absence = RouterAbsence(interface="lan0", clock=lambda: now[0], on_event=events.record)
    with serving(station, [absence]):
        assert asked(machine, 0.5) is None
        absence.notice(IN_IPXE)
        told = asked(machine, 20.0)
        absence.notice(IN_RAMDISK)
        assert asked(machine, 0.5) is None
        absence.notice(IN_IPXE)
        now[0] = 31.0
        assert asked(machine, 0.5) is None
    assert told is not None
    assert (told.dst, told[IPv6].dst) == (MAC, LINK_LOCAL)
    assert told[ICMPv6ND_RA].routerlifetime == 0
    assert events.told == [RouterAbsenceTold(MAC)]


def test_linux_takes_no_router_and_no_address_from_it(wire: Segment) -> None:
    """The advertisement does nothing to a system that hears it, be it by mistake."""
    station = wire.station("lan0", "10.7.0.1/24")
    machine = wire.station("eth0", mac=MAC)
    machine.run("sysctl", "-w", "net.ipv6.conf.eth0.accept_ra=2")
    absence = RouterAbsence(interface="lan0", clock=lambda: 0.0, on_event=lambda event: None)
    absence.notice(IN_IPXE)
    with serving(station, [absence]):
        assert asked(machine, 20.0) is not None
    routes = json.loads(machine.run("ip", "-6", "-json", "route", "show", "default").stdout)
    addresses = json.loads(machine.run("ip", "-6", "-json", "address", "show", "eth0").stdout)
    assert routes == []
    held = [IPv6Address(address["local"]) for address in addresses[0]["addr_info"]]
    assert all(address.is_link_local for address in held)


def test_an_interface_that_was_down_is_served_again(wire: Segment) -> None:
    station = wire.station("lan0", "10.7.0.1/24")
    machine = wire.station("eth0", mac=MAC)
    absence = RouterAbsence(interface="lan0", clock=lambda: 0.0, on_event=lambda event: None)
    absence.notice(IN_IPXE)
    with serving(station, [absence]):
        station.run("ip", "link", "set", "lan0", "down")
        wire.wait_until("disabled", "port1")
        station.run("ip", "link", "set", "lan0", "up")
        wire.wait_until("forwarding", "port1")
        assert asked(machine, 20.0) is not None
