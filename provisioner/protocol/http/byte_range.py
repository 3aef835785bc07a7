"""The part of a file that a Range header asks for (RFC 9110, 14)."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ONE_RANGE = re.compile(r"bytes[ \t]*=[ \t]*(?:(\d{1,19})-(\d{0,19})|-(\d{1,19}))", re.I | re.A)


@dataclass(frozen=True, slots=True)
class Part:
    """Bytes `first` to `last`, both in it, of a file of `size`."""

    first: int
    last: int
    size: int

    @property
    def length(self) -> int:
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class NotSatisfiable:
    """The range begins behind the end (RFC 9110, 15.5.17)."""

    size: int


def asked_part(written: str, size: int) -> Part | NotSatisfiable | None:
    """None for the whole: a Range that isn't understood, or several ranges, which a server may answer
    so (RFC 9110, 14.2)."""
    found = _ONE_RANGE.fullmatch(written)
    if found is None:
        return None
    first, last, suffix = found.groups()
    if suffix is not None:
        return _end_of(int(suffix), size)
    begin, end = int(first), int(last) if last else size
    if last and end < begin:
        return None
    return Part(begin, min(end, size - 1), size) if begin < size else NotSatisfiable(size)


def _end_of(length: int, size: int) -> Part | NotSatisfiable:
    if length == 0 or size == 0:
        return NotSatisfiable(size)
    return Part(max(0, size - length), size - 1, size)
