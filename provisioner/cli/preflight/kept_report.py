"""The last report of a stage, kept in the state folder: the next one is compared with it."""

from __future__ import annotations

from pathlib import Path

from harmony.domain.preflight.change import PreflightEvent, changes
from harmony.domain.preflight.report import PreflightReport, read_report, report_json
from harmony.infra.whole_file import write_whole


class KeptReport:
    def __init__(self, path: Path) -> None:
        self._path = path

    def replace(self, report: PreflightReport) -> tuple[PreflightEvent, ...]:
        """Keep it instead of the one before; what has changed. Raises OSError if it can't be kept."""
        before = self._read()
        same_site = before is not None and before.site == report.site
        events = changes(before.results if before and same_site else (), report.results)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(self._path, report_json(report))
        return tuple(events)

    def _read(self) -> PreflightReport | None:
        try:
            return read_report(self._path.read_bytes())
        except FileNotFoundError:
            return None
