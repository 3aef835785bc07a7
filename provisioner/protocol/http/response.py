"""The head of an answer, as bytes (RFC 9112, 4)."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus

_FIRST_LINES = {each.value: f"HTTP/1.1 {each.value} {each.phrase}\r\nDate: " for each in HTTPStatus}
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


def response_head(
    status: int,
    date: str,
    fields: Sequence[tuple[str, str]],
    *,
    keeps_alive: bool = True,
    modern: bool = True,
) -> bytes:
    """`modern` is a client of HTTP/1.1: it keeps a connection unless it is told not to. Raises
    ValueError for a field that would be more than one line."""
    lines = "".join([f"\r\n{name}: {value}" for name, value in fields])
    if not lines.count("\r") == lines.count("\n") == len(fields):
        raise ValueError(f"a header field of several lines: {lines!r}")
    connection = "" if modern else "\r\nConnection: keep-alive"
    if not keeps_alive:
        connection = "\r\nConnection: close"
    return f"{_FIRST_LINES[status]}{date}{lines}{connection}\r\n\r\n".encode("latin-1")
