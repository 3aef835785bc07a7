"""What machines ask over HTTP and what they are answered, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address
from pathlib import Path
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Request:
    """`path` and `query` are percent-decoded, header names lower case; `peer` is who asks, `reached`
    the address of ours that it asked."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    peer: IPv4Address
    reached: IPv4Address


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: bytes = b""
    content_type: str = "text/plain; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class FileReply:
    """A file, whole or in part as the request's Range says; `tag` changes with its content."""

    path: Path
    tag: str
    content_type: str = "application/octet-stream"


Answer: TypeAlias = Reply | FileReply


@dataclass(frozen=True, slots=True)
class RequestRefused:
    """For the boot log: a machine didn't get what it asked for. `asked` is the first part of the path
    alone: what follows may be a token."""

    peer: IPv4Address
    status: int
    asked: str
    reason: str


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


def asked_part(range_header: str | None, size: int) -> Part | NotSatisfiable | None:
    """The part that a Range header asks for (RFC 9110, 14.2); None for the whole: no header, one that
    isn't understood, or several ranges, which a server may answer so."""
    if range_header is None:
        return None
    unit, _, ranges = range_header.partition("=")
    first, dash, last = ranges.strip().partition("-")
    digits = (first + last).isascii() and (first + last).isdigit()
    if unit.strip().lower() != "bytes" or not dash or not digits or len(ranges) > 40:
        return None
    if not first:
        return _suffix(int(last), size)
    begin, end = int(first), min(int(last) if last else size - 1, size - 1)
    if begin >= size:
        return NotSatisfiable(size)
    return Part(begin, end, size) if begin <= end else None


def _suffix(length: int, size: int) -> Part | NotSatisfiable:
    if length == 0 or size == 0:
        return NotSatisfiable(size)
    return Part(max(0, size - length), size - 1, size)


def text(status: int, words: str, *, headers: tuple[tuple[str, str], ...] = ()) -> Reply:
    return Reply(status, f"{words}\n".encode(), headers=headers)
