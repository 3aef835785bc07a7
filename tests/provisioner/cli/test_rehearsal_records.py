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


def test_a_broken_record_counts_as_none(tmp_path: Path) -> None:
    records = RehearsalRecords(tmp_path / "site.py")
    records.keep(REPORT).write_text("{")
    assert records.of(REPORT.declaration) is None
    assert records.newest() is None
