"""The head of a request, read strictly: what two programs could read differently is refused.

RFC 9110 and 9112. Leniency about line ends, spaces or lengths is what request smuggling is made of,
and no firmware in use needs it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from provisioner.protocol.errors import MalformedHttpRequest
from provisioner.protocol.http.target import HOST, split_target

MOST_FIELDS = 100
_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_HEAD = re.compile(
    rf"({_TOKEN}) ([!-~]+) HTTP/1\.([0-9])\r\n((?:{_TOKEN}:[\t -~\x80-\xff]*+\r\n)*+)\r\n"
)
_FIRST_LINE = re.compile(rf"{_TOKEN} [!-~]+ HTTP/([0-9]\.[0-9])\r\n")
_ONCE = frozenset({"host", "content-length"})


@dataclass(frozen=True, slots=True)
class RequestHead:
    """`path` and `query` are percent-decoded, field names lower case; `length` is of the body in
    bytes, None while only its chunks will tell."""

    method: str
    path: str
    query: Mapping[str, str]
    fields: Mapping[str, str]
    length: int | None
    modern: bool
    """HTTP/1.1, not 1.0."""
    keeps_alive: bool
    waits_for_leave: bool
    """To send the body (RFC 9110, 10.1.1: 100-continue)."""


def decode_head(head: bytes | bytearray) -> RequestHead:
    """The head with its empty line at the end. Raises MalformedHttpRequest."""
    text = head.decode("latin-1")
    found = _HEAD.fullmatch(text)
    if found is None:
        raise _why_not(text)
    method, target, minor, lines = found.groups()
    fields = _fields(lines)
    modern = minor != "0"
    host = fields.get("host")
    if host is None and modern:
        raise MalformedHttpRequest(400, "there is no Host")
    if host is not None and HOST.fullmatch(host) is None:
        raise MalformedHttpRequest(400, "Host is no host")
    path, query = split_target(target)
    length = _length(fields, modern)
    waits = modern and fields.get("expect", "").lower() == "100-continue"
    keeps = _keeps_alive(fields, modern)
    return RequestHead(method, path, query, fields, length, modern, keeps, waits)


def _why_not(text: str) -> MalformedHttpRequest:
    line = _FIRST_LINE.match(text)
    if line is None:
        return MalformedHttpRequest(400, "the request line is none")
    if not line[1].startswith("1."):
        return MalformedHttpRequest(505, "this version of HTTP is not spoken here")
    return MalformedHttpRequest(400, "a header field is none")


def _fields(lines: str) -> dict[str, str]:
    """Several of one name are one list (RFC 9110, 5.3)."""
    fields: dict[str, str] = {}
    each = lines.split("\r\n")
    if len(each) - 1 > MOST_FIELDS:
        raise MalformedHttpRequest(431, f"more than {MOST_FIELDS} header fields")
    for line in each[:-1]:
        name, _, value = line.partition(":")
        name, value = name.lower(), value.strip(" \t")
        if name not in fields:
            fields[name] = value
        elif name in _ONCE:
            raise MalformedHttpRequest(400, f"two of {name}")
        else:
            fields[name] += f", {value}"
    return fields


def _length(fields: Mapping[str, str], modern: bool) -> int | None:
    """How the end of the body is found (RFC 9112, 6.3). Two ways at once are an attack."""
    coding, length = fields.get("transfer-encoding"), fields.get("content-length")
    if coding is None:
        if length is None:
            return 0
        if not (length.isascii() and length.isdigit() and len(length) < 20):
            raise MalformedHttpRequest(400, "Content-Length is no length")
        return int(length)
    if length is not None or not modern:
        raise MalformedHttpRequest(400, "Transfer-Encoding where it can't be")
    if coding.lower() != "chunked":
        raise MalformedHttpRequest(501, "chunked is the only transfer coding here")
    return None


def _keeps_alive(fields: Mapping[str, str], modern: bool) -> bool:
    """RFC 9112, 9.3."""
    written = fields.get("connection")
    if written is None:
        return modern
    options = {option.strip().lower() for option in written.split(",")}
    return "close" not in options and (modern or "keep-alive" in options)
