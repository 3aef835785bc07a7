from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from harmony.domain.preflight.change import CheckChanged
from harmony.domain.preflight.finding import Verdict
from harmony.domain.preflight.report import PreflightReport
from provisioner.cli.preflight.kept_report import KeptReport
from tests.harmony.domain.preflight.results import result

pytestmark = pytest.mark.unit


def of(verdict: Verdict) -> PreflightReport:
    return PreflightReport("home", "site", 5.0, (result("ntp-synced", "10.7.0.2", verdict),))


def test_each_is_compared_with_the_one_before(tmp_path: Path) -> None:
    kept = KeptReport(tmp_path / "state" / "preflight.json")
    assert kept.replace(of(Verdict.FAILURE)) == (
        CheckChanged("ntp-synced", "10.7.0.2", None, Verdict.FAILURE, "as seen"),
    )
    assert kept.replace(of(Verdict.FAILURE)) == ()
    assert kept.replace(of(Verdict.SUCCESS)) == (
        CheckChanged("ntp-synced", "10.7.0.2", Verdict.FAILURE, Verdict.SUCCESS, "as seen"),
    )


def test_another_sites_is_not_compared_with(tmp_path: Path) -> None:
    kept = KeptReport(tmp_path / "preflight.json")
    kept.replace(of(Verdict.FAILURE))
    assert kept.replace(replace(of(Verdict.SUCCESS), site="other")) == ()


def test_what_is_no_report_is_not_compared_with(tmp_path: Path) -> None:
    (tmp_path / "preflight.json").write_bytes(b"\xff{")
    assert KeptReport(tmp_path / "preflight.json").replace(of(Verdict.SUCCESS)) == ()


def test_where_it_cannot_be_kept(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file")
    with pytest.raises(OSError):
        KeptReport(tmp_path / "state" / "preflight.json").replace(of(Verdict.SUCCESS))
