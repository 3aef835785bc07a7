from __future__ import annotations

import socket
from collections.abc import Iterator
from ipaddress import IPv4Address

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scapy.layers.inet import IP, UDP
from scapy.layers.l2 import Ether

from provisioner.serve.errors import InterfaceMissing
from provisioner.serve.raw_frame import (
    UDP_TO_DHCP_CLIENTS,
    Datagram,
    build,
    interface_mac,
    internet_checksum,
    open_frame_socket,
    parse,
)
from tests.namespaces import Segment, segment

macs = st.binary(min_size=6, max_size=6)
addresses = st.integers(0, 2**32 - 1).map(IPv4Address)
ports = st.integers(0, 65_535)
datagrams = st.builds(
    Datagram, macs, macs, addresses, ports, addresses, ports, st.binary(max_size=600)
)


@pytest.mark.unit
@given(datagrams)
def test_parsing_gives_back_what_was_built(datagram: Datagram) -> None:
    assert parse(build(datagram)) == datagram
    assert parse(build(datagram) + bytes(20)) == datagram


@pytest.mark.unit
@given(st.binary(max_size=120))
def test_any_bytes_are_a_datagram_or_none(frame: bytes) -> None:
    parse(frame)
    parse(bytes(12) + b"\x08\x00\x45" + frame)


@pytest.mark.unit
@given(datagrams)
def test_scapy_builds_the_same_frame(datagram: Datagram) -> None:
    theirs = (
        Ether(src=datagram.source_mac.hex(":"), dst=datagram.destination_mac.hex(":"))
        / IP(src=str(datagram.source), dst=str(datagram.destination), id=0, flags="DF")
        / UDP(sport=datagram.source_port, dport=datagram.destination_port)
        / datagram.payload
    )
    assert build(datagram) == bytes(theirs)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("at", "value"),
    [(12, 0x86), (14, 0x65), (14, 0x41), (20, 0x20), (21, 0x01), (23, 6)],
)
def test_what_is_no_whole_ipv4_udp_is_none(at: int, value: int) -> None:
    """Another ethertype, IP version or header; a fragment, first or later; another protocol."""
    frame = bytearray(
        build(Datagram(bytes(6), bytes(6), IPv4Address(1), 67, IPv4Address(2), 68, b"x"))
    )
    assert parse(bytes(frame)) is not None
    frame[at] = value
    assert parse(bytes(frame)) is None


@pytest.mark.unit
def test_checksum_of_the_example_in_rfc_1071() -> None:
    assert internet_checksum(bytes.fromhex("0001f203f4f5f6f7")) == ~0xDDF2 & 0xFFFF
    assert internet_checksum(b"\x01") == 0xFEFF


@pytest.fixture
def wire() -> Iterator[Segment]:
    with segment() as made:
        yield made


@pytest.mark.protocol
def test_a_frame_socket_hears_its_port_only(wire: Segment) -> None:
    hearing = wire.station("eth0", "10.7.0.1/24", "0a:00:00:00:00:01")
    speaking = wire.station("eth0", "10.7.0.2/24")
    with hearing.call(lambda: open_frame_socket("eth0", UDP_TO_DHCP_CLIENTS)) as frames:
        assert interface_mac(frames).hex(":") == "0a:00:00:00:00:01"

        def speak() -> None:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
                for port in (67, 69, 68, 80):
                    udp.sendto(f"to {port}".encode(), ("10.7.0.1", port))

        speaking.run("busybox", "ping", "-c1", "10.7.0.1")
        speaking.call(speak)
        frames.settimeout(10)
        heard = parse(frames.recv(2048))
        assert heard is not None
        assert (heard.source, heard.payload) == (IPv4Address("10.7.0.2"), b"to 68")
        frames.setblocking(False)
        with pytest.raises(BlockingIOError):
            frames.recv(2048)


@pytest.mark.protocol
def test_a_sending_socket_hears_nothing(wire: Segment) -> None:
    station, other = wire.station("eth0", "10.7.0.1/24"), wire.station("eth0", "10.7.0.2/24")
    with station.call(lambda: open_frame_socket("eth0")) as frames:
        other.run("busybox", "ping", "-c1", "10.7.0.1")
        with pytest.raises(BlockingIOError):
            frames.recv(2048)


@pytest.mark.protocol
def test_an_interface_that_is_not_there(wire: Segment) -> None:
    with pytest.raises(InterfaceMissing, match=r"^interface eth7: No such device$"):
        wire.hub.call(lambda: open_frame_socket("eth7"))
