"""The sentence about a declaration's rehearsal, whole."""

from __future__ import annotations

import time
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import pytest

from provisioner.cli.check import judged
from provisioner.cli.declaration_file import declaration_digest
from provisioner.cli.known import KINDS, PRODUCTION, TOPOLOGIES
from provisioner.cli.places import StatePlace
from provisioner.cli.rehearsal_records import RehearsalRecords
from provisioner.cli.rehearsed import other_images, rehearsed_site, rehearsed_words
from provisioner.cli.report import Part, Reality, Report
from tests.provisioner.cli.test_report import REPORT

pytestmark = pytest.mark.unit

PASSED = replace(
    REPORT,
    began=time.mktime((2026, 11, 23, 3, 4, 5, 0, 0, -1)),
    product=version("harmony-provisioner"),
    parts=(Part("vmlinuz", Reality.REAL, "", "aa"), Part("node-image", Reality.REAL, "", "bb")),
    not_rehearsed=(),
)
EXAMPLE = Path(__file__).parents[3] / "examples" / "first_boot.py"


@pytest.mark.parametrize(
    ("report", "images", "passed", "words"),
    [
        (PASSED, {"vmlinuz": "aa"}, True, "this declaration passed its rehearsal of …"),
        (
            replace(PASSED, until="installed", not_rehearsed=("everything after installed",)),
            {},
            False,
            "this declaration passed its rehearsal of … (not rehearsed: everything after installed)",
        ),
        (
            replace(PASSED, product="0.0.1"),
            {"vmlinuz": "aa", "node-image": "cc"},
            True,
            "this declaration passed its rehearsal of …; since then: "
            f"provisioner {PASSED.product}, it was 0.0.1; another image node-image",
        ),
        (replace(PASSED, passed=False), {}, False, "this declaration failed its rehearsal of …"),
        (
            replace(PASSED, declaration="cd" * 32),
            {},
            False,
            "this declaration has changed since its last rehearsal, of …",
        ),
    ],
)
def test_the_sentence(
    tmp_path: Path, report: Report, images: dict[str, str], passed: bool, words: str
) -> None:
    records = RehearsalRecords(tmp_path / "site.py")
    records.keep(report)
    said = rehearsed_words(records, PASSED.declaration, images)
    assert said == (passed, words.replace("…", "2026-11-23 03:04"))


def test_never(tmp_path: Path) -> None:
    records = RehearsalRecords(tmp_path / "site.py")
    assert rehearsed_words(records, "ab") == (False, "this declaration has never been rehearsed")


def test_an_image_that_the_report_does_not_know_is_no_other() -> None:
    assert other_images(PASSED, {"new": "xx", "vmlinuz": "yy"}) == ("vmlinuz",)


def test_of_a_file_or_of_the_one_served_last(tmp_path: Path) -> None:
    site_file = tmp_path / "site.py"
    site_file.write_bytes(EXAMPLE.read_bytes())
    declaration, scores, _ = judged(site_file, PRODUCTION, KINDS, TOPOLOGIES)
    assert declaration.site is not None
    digest = declaration_digest(declaration.site, scores)
    RehearsalRecords(site_file).keep(replace(PASSED, declaration=digest))
    sentence = "this declaration passed its rehearsal of 2026-11-23 03:04"

    assert rehearsed_site(None, tmp_path, {}) == ""
    assert rehearsed_site(site_file, tmp_path, {}) == sentence
    StatePlace(tmp_path).site_file.write_text(str(site_file))
    assert rehearsed_site(None, tmp_path, {}) == sentence
    site_file.write_text("site = 1")
    assert rehearsed_site(None, tmp_path, {}) == (
        f"{site_file} has errors now: provisioner check {site_file}"
    )
