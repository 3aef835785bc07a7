"""Whether this very declaration has passed a rehearsal, in words for `serve` and `status`."""

from __future__ import annotations

import time
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

from inventory.diagnostic import Severity
from provisioner.cli.check import judged
from provisioner.cli.declaration_file import declaration_digest
from provisioner.cli.goal import DONE
from provisioner.cli.known import KINDS, PRODUCTION, TOPOLOGIES
from provisioner.cli.places import StatePlace
from provisioner.cli.rehearsal_records import RehearsalRecords
from provisioner.cli.report import Report


def rehearsed_words(
    records: RehearsalRecords, declaration: str, images: Mapping[str, str] | None = None
) -> tuple[bool, str]:
    """Whether it passed, and a sentence: when, what was not rehearsed, what differs since.

    `images` are the sha256 of what is served now, by name, where that is known.
    """
    same = records.of(declaration)
    if same is None:
        return False, _never(records.newest())
    if not same.passed:
        return False, f"this declaration failed its rehearsal of {_date(same)}"
    words = f"this declaration passed its rehearsal of {_date(same)}"
    if same.not_rehearsed:
        words += f" (not rehearsed: {'; '.join(same.not_rehearsed)})"
    if since := _differences(same, images or {}):
        words += f"; since then: {'; '.join(since)}"
    return same.until == DONE, words


def rehearsed_site(site_file: Path | None, state: Path, images: Mapping[str, str]) -> str:
    """The sentence for `site_file`, else for the one that was served last; empty without either."""
    noted = StatePlace(state).site_file
    if site_file is None and noted.exists():
        site_file = Path(noted.read_text(encoding="utf-8"))
    if site_file is None:
        return ""
    declaration, scores, found = judged(site_file, PRODUCTION, KINDS, TOPOLOGIES)
    if declaration.site is None or any(one.severity is Severity.ERROR for one in found):
        return f"{site_file} has errors now: provisioner check {site_file}"
    digest = declaration_digest(declaration.site, scores)
    return rehearsed_words(RehearsalRecords(site_file), digest, images)[1]


def other_images(report: Report, images: Mapping[str, str]) -> tuple[str, ...]:
    """Those of `images` (sha256 by name) that are not the ones of that rehearsal."""
    known = {part.name: part.sha256 for part in report.parts if part.sha256}
    return tuple(name for name, digest in images.items() if known.get(name, digest) != digest)


def _never(newest: Report | None) -> str:
    if newest is None:
        return "this declaration has never been rehearsed"
    return f"this declaration has changed since its last rehearsal, of {_date(newest)}"


def _differences(report: Report, images: Mapping[str, str]) -> tuple[str, ...]:
    installed = version("harmony-provisioner")
    found = [f"another image {name}" for name in other_images(report, images)]
    if report.product != installed:
        found.insert(0, f"provisioner {installed}, it was {report.product}")
    return tuple(found)


def _date(report: Report) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(report.began))
