"""What is shown of what the installer printed: its last lines, without anything secret."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import cast

LAST = 1 << 20
"""Bytes of the end that are read at all: no secret is longer."""
_LINES = 12
_WIDTH = 400
_HIDDEN = "(secret)"
_SHORTEST = 6
_KEY = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.S
)
_PASSWORD = re.compile(r"(?i)(password\W{0,4})\S+")


def last_lines(output: bytes, secrets: Iterable[str]) -> tuple[str, ...]:
    """The end of `output`; none of `secrets`, nor any text inside one that is JSON, is in them."""
    text = output.decode(errors="replace")
    hidden = {part for secret in secrets for part in (secret, secret.strip(), *_inside(secret))}
    for part in sorted(filter(_is_telling, hidden), key=len, reverse=True):
        for written in (part, json.dumps(part)[1:-1], repr(part)[1:-1]):
            text = text.replace(written, _HIDDEN)
    text = _PASSWORD.sub(rf"\1{_HIDDEN}", _KEY.sub(_HIDDEN, text))
    lines = ("".join(filter(str.isprintable, line)).strip() for line in text.splitlines())
    return tuple(line[:_WIDTH] for line in lines if line)[-_LINES:]


def _is_telling(part: str) -> bool:
    return len(part) >= _SHORTEST


def _inside(secret: str) -> Iterator[str]:
    try:
        yield from _texts(json.loads(secret))
    except (ValueError, RecursionError):
        return


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in cast("dict[str, object]", value).values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in cast("list[object]", value):
            yield from _texts(inner)
