"""How a TFTP download ended, out of what was heard meanwhile (RFC 1350, 792). No I/O."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from provisioner.cli.doctor.observation import TftpEnd

_ERROR = 5
_NOT_FOUND = 1
_PORT_UNREACHABLE = 3
_PROHIBITED = frozenset({9, 10, 13})
"""Codes of "destination unreachable" that only a router or a firewall sends."""


@dataclass(frozen=True, slots=True)
class Came:
    """A TFTP packet from the server, by its opcode; of an ERROR also what it says."""

    opcode: int
    code: int = 0
    words: str = ""


@dataclass(frozen=True, slots=True)
class Unreachable:
    """ICMP "destination unreachable" with this code, from `sender`."""

    code: int
    sender: str


Heard: TypeAlias = Came | Unreachable


def end_of(heard: Iterable[Heard], *, neighbour: bool) -> tuple[TftpEnd, str]:
    """Why a download that failed did, with the words of who said so. `neighbour`: whether there was
    anybody to send to."""
    told = list(heard)
    for one in told:
        if isinstance(one, Came) and one.opcode == _ERROR:
            missing = one.code == _NOT_FOUND
            return TftpEnd.MISSING if missing else TftpEnd.REFUSED, one.words
    for one in told:
        if isinstance(one, Unreachable):
            return _of_icmp(one), f"says {one.sender}"
    if told:
        return TftpEnd.CUT_OFF, ""
    return (TftpEnd.SILENT if neighbour else TftpEnd.UNREACHABLE), ""


def _of_icmp(one: Unreachable) -> TftpEnd:
    if one.code == _PORT_UNREACHABLE:
        return TftpEnd.PORT_CLOSED
    return TftpEnd.PROHIBITED if one.code in _PROHIBITED else TftpEnd.UNREACHABLE
