"""What one look came to: a verdict, its evidence, and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Seen = Mapping[str, str | int | float | bool | tuple[str, ...] | None]


class Verdict(StrEnum):
    """PENDING: not yet to be said, and nothing is wrong so far. ERROR: the check itself could not look, so
    that nobody knows. NOT_APPLICABLE: there is nothing of the kind here to be looked at."""

    SUCCESS = "success"
    FAILURE = "failure"
    PENDING = "pending"
    ERROR = "error"
    NOT_APPLICABLE = "not applicable"

    @property
    def blocks(self) -> bool:
        """Whether it stands in the way. What could not be looked at is not known to be right."""
        return self in (Verdict.FAILURE, Verdict.ERROR)


@dataclass(frozen=True, slots=True)
class Finding:
    """`words` are one sentence of what was seen, `seen` the same for a program; `fix` is what to do,
    where that is more than its kind of check says of all."""

    verdict: Verdict
    words: str
    seen: Seen = field(default_factory=dict[str, str])
    fix: str = ""


def success(words: str, seen: Seen) -> Finding:
    return Finding(Verdict.SUCCESS, words, seen)


def failure(words: str, seen: Seen, fix: str = "") -> Finding:
    return Finding(Verdict.FAILURE, words, seen, fix)


def pending(words: str, seen: Seen, fix: str = "") -> Finding:
    return Finding(Verdict.PENDING, words, seen, fix)


def error(words: str, seen: Seen, fix: str = "") -> Finding:
    return Finding(Verdict.ERROR, words, seen, fix)


def not_applicable(words: str) -> Finding:
    return Finding(Verdict.NOT_APPLICABLE, words)
