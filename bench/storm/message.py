"""What a machine's firmware and iPXE say by DHCP, and what they read in answers. Written with `struct`."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

_HEADER = struct.Struct("!BBBBIHH4s4s4s4s16s64s128s4s")
_COOKIE = b"\x63\x82\x53\x63"
_BROADCAST = 0x8000
_NOBODY = bytes(4)
_SMALLEST = 300
DISCOVER, OFFER, REQUEST, ACK, NAK = 1, 2, 3, 5, 6


class Stage(Enum):
    """Who asks: the card's ROM (PXE 2.1, a BIOS), then iPXE, which it has loaded."""

    PXE = (
        b"\x37\x0c\x01\x02\x03\x05\x06\x0b\x0c\x0d\x0f\x10\x11\x12"
        b"\x39\x02\x04\xec\x5d\x02\x00\x00\x5e\x03\x01\x02\x01"
        b"\x3c\x20PXEClient:Arch:00000:UNDI:002001"
    )
    IPXE = (
        b"\x37\x0b\x01\x03\x06\x07\x0c\x0f\x11\x2b\x3c\x42\x43"
        b"\x39\x02\x05\xc0\x5d\x02\x00\x00\x5e\x03\x01\x02\x01"
        b"\x3c\x20PXEClient:Arch:00000:UNDI:002001"
        b"\x4d\x04iPXE\xaf\x06\xb1\x01\x01\x13\x01\x01"
    )


def mac_of(number: int) -> bytes:
    """Locally administered."""
    return b"\x0a\x00" + number.to_bytes(4, "big")


def question(number: int, stage: Stage, wants: bytes = b"", server: bytes = b"") -> bytes:
    """DISCOVER; REQUEST of an address that the server has offered. `number` is the machine's, and its
    transaction's."""
    mac = mac_of(number)
    options = bytes((53, 1, REQUEST if wants else DISCOVER))
    if wants:
        options += b"\x32\x04" + wants + b"\x36\x04" + server
    options += stage.value + b"\x61\x11\x00" + mac.rjust(16, b"\0")
    fields = (1, 1, 6, 0, number, 0, _BROADCAST, _NOBODY, _NOBODY, _NOBODY, _NOBODY)
    message = _HEADER.pack(*fields, mac, b"", b"", _COOKIE) + options + b"\xff"
    return message.ljust(_SMALLEST, b"\0")


@dataclass(frozen=True, slots=True)
class Answer:
    """`number` is the transaction's; `file` is what to boot, `next_server` where it is."""

    number: int
    kind: int
    address: bytes
    server: bytes
    next_server: bytes
    file: str


def answer_in(payload: bytes) -> Answer | None:
    """A server's message; None for anything else."""
    if len(payload) < _HEADER.size or payload[0] != 2 or payload[236:240] != _COOKIE:
        return None
    options = dict(_options(payload[_HEADER.size :]))
    file = options.get(67, b"") or payload[108:236]
    return Answer(
        number=int.from_bytes(payload[4:8], "big"),
        kind=options.get(53, b"\0")[0],
        address=payload[16:20],
        server=options.get(54, b""),
        next_server=payload[20:24],
        file=file.partition(b"\0")[0].decode("ascii", "replace"),
    )


def _options(field: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 1 < len(field) and field[at] != 255:
        if field[at] == 0:
            at += 1
            continue
        yield field[at], field[at + 2 : at + 2 + field[at + 1]]
        at += 2 + field[at + 1]
