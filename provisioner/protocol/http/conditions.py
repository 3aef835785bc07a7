"""Conditional requests: whether what the client knows of a file still holds (RFC 9110, 13)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto

from provisioner.protocol.http.date import seconds_of

_TAG = re.compile(r'(W/)?"([!#-~\x80-\xff]*)"')
_TAGS = re.compile(rf"(?:[ \t,]*{_TAG.pattern})*[ \t,]*")
_SECONDS_UNTIL_A_DATE_IS_STRONG = 1


@dataclass(frozen=True, slots=True)
class Validators:
    """Of a file as it is: `tag` changes with every byte of it; `modified` in whole epoch seconds."""

    tag: str
    modified: int


class Verdict(Enum):
    GO_ON = auto()
    NOT_MODIFIED = auto()
    FAILED = auto()


def verdict(method: str, fields: Mapping[str, str], current: Validators, now: float) -> Verdict:
    """In the order of RFC 9110, 13.2.2: If-Match, If-Unmodified-Since, If-None-Match,
    If-Modified-Since."""
    if not _required_state(fields, current, now):
        return Verdict.FAILED
    reads = method in ("GET", "HEAD")
    if (known := fields.get("if-none-match")) is not None:
        if not _lists(known, current.tag, weakly=True):
            return Verdict.GO_ON
        return Verdict.NOT_MODIFIED if reads else Verdict.FAILED
    since = seconds_of(fields.get("if-modified-since", ""), now)
    if reads and since is not None and current.modified <= since:
        return Verdict.NOT_MODIFIED
    return Verdict.GO_ON


def _required_state(fields: Mapping[str, str], current: Validators, now: float) -> bool:
    if (wanted := fields.get("if-match")) is not None:
        return _lists(wanted, current.tag, weakly=False)
    until = seconds_of(fields.get("if-unmodified-since", ""), now)
    return until is None or current.modified <= until


def range_applies(fields: Mapping[str, str], current: Validators, now: float) -> bool:
    """If-Range: whether the file is still the one that the client has a part of (RFC 9110, 13.1.5).
    A date tells that only of a file that had stopped changing within its second."""
    known = fields.get("if-range")
    if known is None:
        return True
    if tag := _TAG.fullmatch(known):
        return tag[1] is None and tag[2] == current.tag
    settled = current.modified + _SECONDS_UNTIL_A_DATE_IS_STRONG <= now
    return settled and seconds_of(known, now) == current.modified


def _lists(written: str, tag: str, *, weakly: bool) -> bool:
    """Whether a list of entity tags has this strong one (RFC 9110, 8.8.3.2)."""
    if written == "*":
        return True
    if _TAGS.fullmatch(written) is None:
        return False
    return any(one == tag and (weakly or not weak) for weak, one in _TAG.findall(written))
