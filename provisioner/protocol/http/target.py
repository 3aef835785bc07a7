"""What a request asks for: its target, as a path and a query (RFC 9112, 3.2)."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote

from provisioner.protocol.errors import MalformedHttpRequest

MOST_PARAMETERS = 50
HOST = re.compile(
    r"(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._~!$&'()*+;=%-]*)(?::[0-9]*)?"  # RFC 3986, 3.2.2
)
_ESCAPED = re.compile(r"(?:[^%]|%[0-9A-Fa-f]{2})*+")
_ABSOLUTE = re.compile(r"https?://([^/?]+)(.*)", re.IGNORECASE)


def split_target(target: str) -> tuple[str, dict[str, str]]:
    """The path and the query, percent-decoded; a proxy's absolute form is taken too. Raises
    MalformedHttpRequest."""
    if not target.startswith("/"):
        target = _of_absolute(target)
    if "%" in target and _ESCAPED.fullmatch(target) is None:
        raise MalformedHttpRequest(400, "a percent sign without its two digits")
    path, _, query = target.partition("?")
    if "%" in path:
        path = unquote(path)
    return path, _parameters(query) if query else {}


def _of_absolute(target: str) -> str:
    absolute = _ABSOLUTE.fullmatch(target)
    if absolute is None or HOST.fullmatch(absolute[1]) is None:
        raise MalformedHttpRequest(400, "not a path")
    return absolute[2] if absolute[2].startswith("/") else f"/{absolute[2]}"


def _parameters(query: str) -> dict[str, str]:
    if query.count("&") >= MOST_PARAMETERS:
        raise MalformedHttpRequest(400, f"more than {MOST_PARAMETERS} parameters")
    if "%" in query or "+" in query:
        return dict(parse_qsl(query, keep_blank_values=True))
    pairs = (each.partition("=") for each in query.split("&") if each)
    return {name: value for name, _, value in pairs}
