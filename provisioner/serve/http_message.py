"""What machines ask over HTTP and what they are answered, as values."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
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
    """Made for the one who asks: nothing on the way may keep it."""

    status: int
    body: bytes = b""
    content_type: str = "text/plain; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class FileReply:
    """A file, whole, in part or not at all, as the request's Range and conditions say. `tag` changes
    with its content; None if only its size and time tell."""

    path: Path
    tag: str | None = None
    content_type: str = "application/octet-stream"


Answer: TypeAlias = Reply | FileReply
Handler: TypeAlias = Callable[[Request], Answer | Awaitable[Answer]]
"""What can be answered out of memory is answered at once: a task for each request costs more than
the answer."""


@dataclass(frozen=True, slots=True)
class RequestRefused:
    """For the boot log: a machine didn't get what it asked for. `asked` is the first part of the path
    alone: what follows may be a token. `status` is 0 where TLS has failed: there was no answer."""

    peer: IPv4Address
    status: int
    asked: str
    reason: str


def text(status: int, words: str, *, headers: tuple[tuple[str, str], ...] = ()) -> Reply:
    return Reply(status, f"{words}\n".encode(), headers=headers)
