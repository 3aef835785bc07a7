"""What is otherwise than in the run before: an event each, so that "now fixed" is told too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from harmony.domain.preflight.finding import Verdict
from harmony.domain.preflight.result import Result


@dataclass(frozen=True, slots=True)
class CheckChanged:
    """A check came to another verdict than in the run before (`before` None: it is new), or its waiver
    came or went."""

    check: str
    subject: str
    before: Verdict | None
    verdict: Verdict
    words: str
    waived: str = ""


@dataclass(frozen=True, slots=True)
class CheckDropped:
    """A check of the run before is made no more: what it was about is declared no longer."""

    check: str
    subject: str
    before: Verdict


PreflightEvent = CheckChanged | CheckDropped


def changes(before: Iterable[Result], now: Iterable[Result]) -> Iterator[PreflightEvent]:
    """In the order of `now`, then what has been dropped. That a new check finds nothing is no event."""
    old = {(one.check, one.subject): one for one in before}
    for one in now:
        was = old.pop((one.check, one.subject), None)
        if _is_news(was, one):
            verdict = None if was is None else was.verdict
            yield CheckChanged(one.check, one.subject, verdict, one.verdict, one.words, one.waived)
    for gone in old.values():
        yield CheckDropped(gone.check, gone.subject, gone.verdict)


def _is_news(was: Result | None, now: Result) -> bool:
    if was is None:
        return now.verdict.blocks
    return (was.verdict, bool(was.waived)) != (now.verdict, bool(now.waived))
