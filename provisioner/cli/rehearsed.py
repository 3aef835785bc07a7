"""Whether this very declaration has passed a rehearsal, in words for `serve` and `status`."""

from __future__ import annotations

import time
from importlib.metadata import version

from provisioner.cli.goal import DONE
from provisioner.cli.rehearsal_records import RehearsalRecords
from provisioner.cli.report import Report


def rehearsed_words(records: RehearsalRecords, declaration: str) -> tuple[bool, str]:
    """Whether it passed, and a sentence: when, what was not rehearsed, what differs since."""
    same = records.of(declaration)
    if same is None:
        return False, _never(records.newest())
    if not same.passed:
        return False, f"this declaration failed its rehearsal of {_date(same)}"
    words = f"this declaration passed its rehearsal of {_date(same)}"
    left = (*same.not_rehearsed, *_differences(same))
    if left:
        words += f" (not rehearsed: {'; '.join(left)})"
    return same.until == DONE, words


def _never(newest: Report | None) -> str:
    if newest is None:
        return "this declaration has never been rehearsed"
    return f"this declaration has changed since its last rehearsal, of {_date(newest)}"


def _differences(report: Report) -> tuple[str, ...]:
    installed = version("harmony-provisioner")
    if report.product == installed:
        return ()
    return (f"provisioner {installed}, it was {report.product}",)


def _date(report: Report) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(report.began))
