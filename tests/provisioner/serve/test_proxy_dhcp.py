"""ProxyDHCP on a wire, asked by a client made of scapy and by sockets of the kernel's."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from ipaddress import IPv4Address

import pytest
from scapy.layers.dhcp import BOOTP, DHCP

from provisioner.protocol.dhcp.event import BootInformationSent, DhcpMessageMalformed, DiscoverHeard
from provisioner.protocol.dhcp.message import encode
from provisioner.serve.proxy_dhcp import ProxyDhcpServer
from tests.namespaces import Segment, segment
from tests.peers.dhcp_client import DhcpClient
from tests.provisioner.protocol.dhcp.samples import NETBOOTS, REQUEST, message
from tests.provisioner.serve.dhcp_service import CP1, LINK, NOW, SERVER, broadcast
from tests.served import Events, serving

pytestmark = pytest.mark.protocol

CLIENT = "10.7.0.150"
PXE = {"vendor_class_id": b"PXEClient:Arch:00007:UNDI:003000"}


@pytest.fixture
def wire() -> Iterator[Segment]:
    with segment() as made:
        yield made


@pytest.fixture
def events(wire: Segment) -> Iterator[Events]:
    told = Events()
    server = ProxyDhcpServer(
        interface="lan0",
        address=SERVER,
        link=lambda: LINK,
        clock=lambda: NOW,
        on_event=told.record,
    )
    with serving(wire.station("lan0", "10.7.0.1/24"), [server]):
        yield told


def test_a_discover_is_offered_boot_information_and_no_address(
    wire: Segment, events: Events
) -> None:
    station = wire.station("eth0", mac=CP1)
    offer = station.call(lambda: DhcpClient("eth0", CP1, PXE, 7).discover())
    assert (offer[BOOTP].yiaddr, offer[BOOTP].siaddr) == ("0.0.0.0", "10.7.0.1")
    assert offer[BOOTP].file.rstrip(b"\0") == b"snponly.efi"
    options = dict(one for one in offer[DHCP].options if len(one) == 2)
    assert options["vendor_class_id"] == b"PXEClient"
    assert options["vendor_specific"] == b"\x06\x01\x08\xff"
    assert events.wait_for(BootInformationSent) == [
        BootInformationSent(CP1, "OFFER", "snponly.efi")
    ]
    assert len(events.of(DiscoverHeard)) == 1


@pytest.mark.parametrize("port", [68, 4011])
def test_the_boot_server_answers_from_its_port_to_the_clients(
    wire: Segment, events: Events, port: int
) -> None:
    station = wire.station("eth0", f"{CLIENT}/24", mac=CP1)
    asked = replace(message(REQUEST, CP1, options=NETBOOTS), ciaddr=IPv4Address(CLIENT))
    data, peer = station.call(lambda: asked_boot_server(encode(asked), port))
    assert peer == ("10.7.0.1", 4011)
    answer = BOOTP(data)
    assert dict(one for one in answer[DHCP].options if len(one) == 2)["message-type"] == 5
    assert answer.file.rstrip(b"\0") == b"snponly.efi"
    assert events.wait_for(BootInformationSent) == [BootInformationSent(CP1, "ACK", "snponly.efi")]


def asked_boot_server(payload: bytes, port: int) -> tuple[bytes, tuple[str, int]]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
        asker.settimeout(10)
        asker.bind((CLIENT, port))
        asker.sendto(payload, ("10.7.0.1", 4011))
        received: tuple[bytes, tuple[str, int]] = asker.recvfrom(2048)
        return received


def test_nonsense_is_told_and_nothing_else_happens(wire: Segment, events: Events) -> None:
    station = wire.station("eth0", "10.7.0.150/24", mac=CP1)
    broadcast(station, [b"", b"nonsense" * 50])
    assert len(events.wait_for(DhcpMessageMalformed, 2)) == 2
    offer = station.call(lambda: DhcpClient("eth0", CP1, PXE, 7).discover())
    assert offer[BOOTP].yiaddr == "0.0.0.0"
