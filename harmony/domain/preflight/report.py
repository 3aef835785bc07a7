"""The report of one stage of preflight: a document, so that the next run can be compared with it."""

from __future__ import annotations

from pydantic import TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from harmony.domain.preflight.result import Result


@dataclass(frozen=True)
class PreflightReport:
    """`at` in epoch seconds."""

    site: str
    stage: str
    at: float
    results: tuple[Result, ...]

    @property
    def passed(self) -> bool:
        """Whether nothing stands in the way."""
        return not any(one.blocks for one in self.results)


_REPORT = TypeAdapter(PreflightReport)


def report_json(report: PreflightReport) -> bytes:
    return _REPORT.dump_json(report, indent=2)


def read_report(text: bytes) -> PreflightReport | None:
    """None for what is no report, of another version of this product for one: nothing is lost by it but
    the comparison."""
    try:
        return _REPORT.validate_json(text)
    except ValidationError:
        return None
