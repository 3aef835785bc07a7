"""Results for tests, written short."""

from __future__ import annotations

from harmony.domain.preflight.finding import Verdict
from harmony.domain.preflight.result import Result

SUCCESS, FAILURE = Verdict.SUCCESS, Verdict.FAILURE
PENDING, ERROR = Verdict.PENDING, Verdict.ERROR


def result(check: str, subject: str, verdict: Verdict, waived: str = "") -> Result:
    return Result(check, "time", subject, verdict, "as seen", {"stratum": 2}, waived=waived)
