"""Records beside SITE.py: found by digest, newest first, unreadable ones ignored."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from provisioner.cli.rehearsal_records import RehearsalRecords
from tests.provisioner.cli.test_report import REPORT

pytestmark = pytest.mark.unit


def test_a_report_is_found_by_its_declaration_only(tmp_path: Path) -> None:
    records = RehearsalRecords(tmp_path / "site.py")
    records.keep(REPORT)
    assert records.of(REPORT.declaration) == REPORT
    assert records.of("cd" * 32) is None


def test_the_newest_of_several(tmp_path: Path) -> None:
    records = RehearsalRecords(tmp_path / "site.py")
    later = replace(REPORT, declaration="cd" * 32, began=REPORT.began + 1)
    records.keep(later)
    records.keep(REPORT)
    assert records.newest() == later


def test_a_lesser_rehearsal_takes_nothing_from_a_whole_one(tmp_path: Path) -> None:
    records = RehearsalRecords(tmp_path / "site.py")
    failed = replace(REPORT, passed=False, failure="w1 is stuck", began=REPORT.began + 1)
    partly = replace(REPORT, until="installed", began=REPORT.began + 2)
    again = replace(REPORT, began=REPORT.began + 3)
    for report, kept in (
        (failed, failed),
        (partly, partly),
        (failed, partly),
        (REPORT, REPORT),
        (partly, REPORT),
        (failed, REPORT),
        (again, again),
    ):
        records.keep(report)
        assert records.of(REPORT.declaration) == kept


def test_a_broken_record_counts_as_none(tmp_path: Path) -> None:
    records = RehearsalRecords(tmp_path / "site.py")
    records.keep(REPORT).write_text("{")
    assert records.of(REPORT.declaration) is None
    assert records.newest() is None
