"""NTP packets and their codec (RFC 5905, 7.3), and its timestamps (section 6).

Decoding is total: any bytes give a `Packet` or raise `MalformedNtpPacket`. What comes after the header
(extension fields, a MAC) is not looked at. Times are kept as they travel, so that a packet comes back as it
went.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import IntEnum

from provisioner.protocol.errors import MalformedNtpPacket

_HEADER = struct.Struct("!BBbbII4sQQQQ")
_VERSION = 4
_ERA = 1 << 32
_UNIX_EPOCH = 2_208_988_800
"""Seconds from the first day of era 0, in 1900, to that of Unix time (RFC 5905, figure 4)."""


class Mode(IntEnum):
    SYMMETRIC_ACTIVE = 1
    SYMMETRIC_PASSIVE = 2
    CLIENT = 3
    SERVER = 4
    BROADCAST = 5
    CONTROL = 6


NOT_SYNCHRONIZED = 3
"""The leap indicator of a clock that nobody has set."""

UNSYNCHRONIZED_STRATUM = 16


@dataclass(frozen=True, slots=True)
class Packet:
    """`root_delay` and `root_dispersion` in 1/65536 seconds; timestamps in 2^-32 seconds of an era."""

    leap: int = 0
    version: int = _VERSION
    mode: int = Mode.CLIENT
    stratum: int = 0
    poll: int = 0
    precision: int = 0
    root_delay: int = 0
    root_dispersion: int = 0
    reference_id: bytes = bytes(4)
    reference: int = 0
    origin: int = 0
    receive: int = 0
    transmit: int = 0


def encode(packet: Packet) -> bytes:
    return _HEADER.pack(
        packet.leap << 6 | packet.version << 3 | packet.mode,
        packet.stratum,
        packet.poll,
        packet.precision,
        packet.root_delay,
        packet.root_dispersion,
        packet.reference_id,
        packet.reference,
        packet.origin,
        packet.receive,
        packet.transmit,
    )


def decode(payload: bytes) -> Packet:
    """Raises MalformedNtpPacket."""
    if len(payload) < _HEADER.size:
        raise MalformedNtpPacket(f"{len(payload)} bytes, and its header has {_HEADER.size}")
    first, *rest = _HEADER.unpack_from(payload)
    return Packet(first >> 6, first >> 3 & 7, first & 7, *rest)


def to_timestamp(unix: float) -> int:
    """Of a time in Unix seconds, in whatever era."""
    return round((unix + _UNIX_EPOCH) * _ERA) % (_ERA * _ERA)


def from_timestamp(timestamp: int, near: float) -> float:
    """Unix seconds, in the era that brings it nearest to `near`: that of 2036 and later is the next."""
    seconds = timestamp / _ERA - _UNIX_EPOCH
    return seconds + _ERA * round((near - seconds) / _ERA)
