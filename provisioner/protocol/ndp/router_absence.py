"""Quirk: iPXE waits 16 s for an IPv6 router before it uses the IPv4 lease it already has.

Evidence: iPXE 1.0.0+git-20190125 (QEMU's ROM and Debian's snponly.efi), a capture on a tap:
DHCPACK at 2.2 s, Router Solicitations at 2.2, 2.4, 3.0, 4.0, 6.1 and 10.1 s, the first packet to
the HTTP server at 18.3 s. iPXE goes on when every configurator has ended, and the one of IPv6 ends
with the first Router Advertisement (src/net/ndp.c) or when it gives up.

So a machine that is known to be in iPXE is told that we are no router: an advertisement to it
alone, of router lifetime 0, without prefixes, flags or any other option. RFC 4861, 6.2.6 allows
the unicast answer; by 4.2 a lifetime of 0 says "not a default router" and nothing else.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from ipaddress import IPv6Address

ETHERTYPE_IPV6 = 0x86DD
_ICMPV6 = 58
_SOLICITATION = 133
_ADVERTISEMENT = 134
_HOP_LIMIT = 255
_ETHERNET = struct.Struct("!6s6sH")
_IPV6 = struct.Struct("!IHBB16s16s")
_ICMP = struct.Struct("!BBH")
_NOT_A_ROUTER = struct.pack("!BBHII", 0, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Solicitation:
    """A Router Solicitation: the MAC it came from, in the project's spelling, and its address."""

    mac: str
    address: IPv6Address


def solicitation(frame: bytes) -> Solicitation | None:
    """The solicitation in an Ethernet frame; None for anything else, and for one from the
    unspecified address, which could only be answered to everybody."""
    if len(frame) < _ETHERNET.size + _IPV6.size + _ICMP.size:
        return None
    _, source_mac, ethertype = _ETHERNET.unpack_from(frame)
    _, _, header, hops, source, _ = _IPV6.unpack_from(frame, _ETHERNET.size)
    kind, code, _ = _ICMP.unpack_from(frame, _ETHERNET.size + _IPV6.size)
    is_one = (ethertype, header, hops, kind, code) == (
        ETHERTYPE_IPV6,
        _ICMPV6,
        _HOP_LIMIT,
        _SOLICITATION,
        0,
    )
    address = IPv6Address(source)
    if not is_one or not address.is_link_local:
        return None
    return Solicitation(source_mac.hex(":"), address)


def no_router(asked: Solicitation, own_mac: bytes) -> bytes:
    """The frame that says so, from the link-local address that follows from our MAC (RFC 4291,
    A)."""
    own = _link_local(own_mac)
    length = _ICMP.size + len(_NOT_A_ROUTER)
    pseudo = own + asked.address.packed + struct.pack("!II", length, _ICMPV6)
    unsummed = _ICMP.pack(_ADVERTISEMENT, 0, 0) + _NOT_A_ROUTER
    checksum = _checksum(pseudo + unsummed)
    return (
        _ETHERNET.pack(bytes.fromhex(asked.mac.replace(":", "")), own_mac, ETHERTYPE_IPV6)
        + _IPV6.pack(6 << 28, length, _ICMPV6, _HOP_LIMIT, own, asked.address.packed)
        + _ICMP.pack(_ADVERTISEMENT, 0, checksum)
        + _NOT_A_ROUTER
    )


def _link_local(mac: bytes) -> bytes:
    identifier = bytes([mac[0] ^ 0x02]) + mac[1:3] + b"\xff\xfe" + mac[3:]
    return b"\xfe\x80" + bytes(6) + identifier


def _checksum(data: bytes) -> int:
    """RFC 1071, of an even number of bytes."""
    words: tuple[int, ...] = struct.unpack(f"!{len(data) // 2}H", data)
    total = sum(words)
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF
