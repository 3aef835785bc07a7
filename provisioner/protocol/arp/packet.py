"""ARP packets for IPv4 on Ethernet (RFC 826), as whole frames, and the probe of RFC 5227, 2.1.1."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from ipaddress import IPv4Address

_FRAME = struct.Struct("!6s6sH HHBBH 6s4s6s4s")
_ETHERTYPE_ARP = 0x0806
_ETHERNET, _IPV4 = 1, 0x0800
_REQUEST, _REPLY = 1, 2
_EVERYBODY = b"\xff" * 6
_NOBODY = bytes(6)
_UNSPECIFIED = bytes(4)
_SMALLEST = 60  # an Ethernet frame without its checksum


@dataclass(frozen=True, slots=True)
class ArpSpoken:
    """Somebody with this MAC said, in a request or a reply, that the address is its own."""

    mac: str
    number: int


def probe(own_mac: bytes, number: int) -> bytes:
    """The frame that asks who has the address, and claims none: no cache is changed by it."""
    address = number.to_bytes(4)
    head = (_EVERYBODY, own_mac, _ETHERTYPE_ARP, _ETHERNET, _IPV4, 6, 4, _REQUEST)
    return _FRAME.pack(*head, own_mac, _UNSPECIFIED, _NOBODY, address).ljust(_SMALLEST, b"\0")


def read(frame: bytes) -> ArpSpoken | None:
    """What the frame's sender says; None for a probe, and for anything that is no ARP."""
    if len(frame) < _FRAME.size:
        return None
    _, _, ethertype, hardware, protocol, hlen, plen, operation, mac, address, _, _ = (
        _FRAME.unpack_from(frame)
    )
    is_arp = (ethertype, hardware, protocol, hlen, plen) == (_ETHERTYPE_ARP, _ETHERNET, _IPV4, 6, 4)
    if not is_arp or operation not in (_REQUEST, _REPLY) or address == _UNSPECIFIED:
        return None
    return ArpSpoken(mac.hex(":"), int(IPv4Address(address)))
