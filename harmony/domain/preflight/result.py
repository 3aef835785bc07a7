"""The result of a check: its finding, how long it took, and whether its failure is waived."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from harmony.domain.preflight.check import Check
from harmony.domain.preflight.finding import Finding, Seen, Verdict
from inventory.waiver import Waiver


@dataclass(frozen=True, slots=True)
class Result:
    """`waived` is the waiver's reason: the verdict stays what it is."""

    check: str
    group: str
    subject: str
    verdict: Verdict
    words: str
    seen: Seen
    fix: str = ""
    seconds: float = 0.0
    late: bool = False
    waived: str = ""

    @property
    def blocks(self) -> bool:
        """Whether nothing should be powered on because of it."""
        return self.verdict.blocks and not self.waived


def result_of(check: Check, finding: Finding, seconds: float) -> Result:
    """Only where something is to be done is it said what."""
    to_do = finding.verdict in (Verdict.FAILURE, Verdict.ERROR, Verdict.PENDING)
    fix = finding.fix or (check.kind.fix if finding.verdict is Verdict.FAILURE else "")
    return Result(
        check.kind.id,
        check.kind.group,
        check.subject,
        finding.verdict,
        finding.words,
        finding.seen,
        fix if to_do else "",
        seconds,
        seconds > check.kind.soft,
    )


def waived(results: Iterable[Result], waivers: Sequence[Waiver]) -> tuple[Result, ...]:
    """With the reason of the first waiver that covers it at each result that is in the way."""
    return tuple(_waived(result, waivers) for result in results)


def _waived(result: Result, waivers: Iterable[Waiver]) -> Result:
    if not result.verdict.blocks:
        return result
    reasons = (one.reason for one in waivers if one.covers(result.check, result.subject))
    return replace(result, waived=next(reasons, ""))
