"""Ethernet frames by hand, for the two moments when the kernel's UDP can't help: a reply to a
client that doesn't have its address yet, and a question asked before we answer to port 68
ourselves.

Written with `struct`: scapy takes a second to import, and judges these frames in the tests.
"""

from __future__ import annotations

import ctypes
import socket
import struct
from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import Final, TypeAlias

from provisioner.serve.errors import InterfaceMissing, SocketNotBound

BROADCAST_MAC: Final = b"\xff" * 6
_ETHERTYPE_IPV4 = 0x0800
_ETHERTYPE_ARP = 0x0806
_ETHERTYPE_IPV6 = 0x86DD
_UDP = 17
_DO_NOT_FRAGMENT = 0x4000
_ETHERNET = struct.Struct("!6s6sH")
_IPV4 = struct.Struct("!BBHHHBBH4s4s")
_UDP_HEADER = struct.Struct("!HHHH")
_SO_ATTACH_FILTER = 26


@dataclass(frozen=True, slots=True)
class Datagram:
    """A UDP datagram as it travels in an Ethernet frame."""

    source_mac: bytes
    destination_mac: bytes
    source: IPv4Address
    source_port: int
    destination: IPv4Address
    destination_port: int
    payload: bytes


Program: TypeAlias = tuple[tuple[int, int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Heard:
    """What a frame socket hears: frames of the type that the classic BPF program (instructions of
    code, jump if true, jump if false, value) passes."""

    ethertype: int
    program: Program


_PASS = (0x06, 0, 0, 0xFFFF)
_REFUSE = (0x06, 0, 0, 0)
UDP_TO_DHCP_CLIENTS: Final = Heard(
    _ETHERTYPE_IPV4,
    (
        (0x30, 0, 0, 23),  # ldb the protocol
        (0x15, 0, 6, _UDP),  # not UDP: refuse
        (0x28, 0, 0, 20),  # ldh the fragment offset
        (0x45, 4, 0, 0x1FFF),  # a later fragment: refuse
        (0xB1, 0, 0, 14),  # ldxb the header's length
        (0x48, 0, 0, 16),  # ldh the destination port
        (0x15, 0, 1, 68),  # another port: refuse
        _PASS,
        _REFUSE,
    ),
)
ARP: Final = Heard(_ETHERTYPE_ARP, (_PASS,))
ROUTER_SOLICITATIONS: Final = Heard(
    _ETHERTYPE_IPV6,
    (
        (0x30, 0, 0, 20),  # ldb the next header
        (0x15, 0, 3, 58),  # not ICMPv6: refuse
        (0x30, 0, 0, 54),  # ldb the type
        (0x15, 0, 1, 133),  # not a Router Solicitation: refuse
        _PASS,
        _REFUSE,
    ),
)


def build(datagram: Datagram) -> bytes:
    """The frame, with both checksums."""
    length = _UDP_HEADER.size + len(datagram.payload)
    ports = (datagram.source_port, datagram.destination_port)
    pseudo = datagram.source.packed + datagram.destination.packed + struct.pack("!HH", _UDP, length)
    unsummed = _UDP_HEADER.pack(*ports, length, 0) + datagram.payload
    udp = _UDP_HEADER.pack(*ports, length, internet_checksum(pseudo + unsummed) or 0xFFFF)
    return (
        _ETHERNET.pack(datagram.destination_mac, datagram.source_mac, _ETHERTYPE_IPV4)
        + _ipv4_header(datagram, length)
        + udp
        + datagram.payload
    )


def _ipv4_header(datagram: Datagram, length: int) -> bytes:
    def header(checksum: int) -> bytes:
        return _IPV4.pack(
            0x45,
            0,
            _IPV4.size + length,
            0,
            _DO_NOT_FRAGMENT,
            64,
            _UDP,
            checksum,
            datagram.source.packed,
            datagram.destination.packed,
        )

    return header(internet_checksum(header(0)))


def parse(frame: bytes) -> Datagram | None:
    """The UDP datagram in an untagged IPv4 frame; None for anything else. Checksums are not
    looked at: on virtual links they are often left to hardware that isn't there."""
    if len(frame) < _ETHERNET.size + _IPV4.size:
        return None
    to_mac, from_mac, ethertype = _ETHERNET.unpack_from(frame)
    first, _, total, _, fragment, _, protocol, _, source, destination = _IPV4.unpack_from(
        frame, _ETHERNET.size
    )
    header = (first & 0x0F) * 4
    whole = first >> 4 == 4 and header >= _IPV4.size and not fragment & 0x3FFF
    packet = frame[_ETHERNET.size : _ETHERNET.size + total]
    if ethertype != _ETHERTYPE_IPV4 or not whole or protocol != _UDP:
        return None
    if len(packet) < header + _UDP_HEADER.size:
        return None
    source_port, port, length, _ = _UDP_HEADER.unpack_from(packet, header)
    return Datagram(
        from_mac,
        to_mac,
        IPv4Address(source),
        source_port,
        IPv4Address(destination),
        port,
        packet[header + _UDP_HEADER.size : header + max(length, _UDP_HEADER.size)],
    )


def internet_checksum(data: bytes) -> int:
    """RFC 1071."""
    padded = data + b"\0" if len(data) % 2 else data
    words: tuple[int, ...] = struct.unpack(f"!{len(padded) // 2}H", padded)
    total = sum(words)
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def open_frame_socket(interface: str, heard: Heard | None = None) -> socket.socket:
    """A non-blocking AF_PACKET socket on the interface that hears what is asked for, or, with None,
    nothing at all (for sending). Raises SocketNotBound or InterfaceMissing."""
    try:
        opened = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    except PermissionError:
        raise SocketNotBound(f"raw frames on {interface} need the capability CAP_NET_RAW") from None
    try:
        opened.setblocking(False)
        if heard is not None:
            _attach_filter(opened, heard.program)
        opened.bind((interface, 0 if heard is None else heard.ethertype))
    except OSError as error:
        opened.close()
        raise InterfaceMissing(f"interface {interface}: {error.strerror}") from None
    return opened


def interface_mac(frames: socket.socket) -> bytes:
    """The MAC of the interface that a frame socket is bound to."""
    address: tuple[str, int, int, int, bytes] = frames.getsockname()
    return address[4]


def _attach_filter(opened: socket.socket, program: Program) -> None:
    """Let the kernel pass only what is asked for: the interface also carries whole disk images."""
    code = b"".join(struct.pack("HBBI", *instruction) for instruction in program)
    buffer = ctypes.create_string_buffer(code, len(code))
    descriptor = struct.pack("HL", len(program), ctypes.addressof(buffer))
    opened.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, descriptor)
