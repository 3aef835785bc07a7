"""A report as a person reads it: a table with what is to be done, then what has changed, then the end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from harmony.domain.preflight.change import CheckChanged, PreflightEvent
from harmony.domain.preflight.finding import Verdict
from harmony.domain.preflight.report import PreflightReport
from harmony.domain.preflight.result import Result

_WIDTH = 120
"""Where nobody looks at it on a terminal."""

_STYLES = {
    Verdict.SUCCESS: "green",
    Verdict.FAILURE: "bold red",
    Verdict.PENDING: "yellow",
    Verdict.ERROR: "bold magenta",
    Verdict.NOT_APPLICABLE: "dim",
}


def show(
    report: PreflightReport,
    events: Sequence[PreflightEvent],
    notes: Iterable[str],
    out: TextIO,
) -> None:
    console = Console(file=out, width=None if out.isatty() else _WIDTH, highlight=False)
    told = (
        *(f"changed: {_event(event)}" for event in events),
        *(f"note: {note}" for note in notes),
        _summary(report),
    )
    with console.capture() as captured:
        console.print(_table(report.results))
        for line in told:
            console.print(Text(line), soft_wrap=True)
    out.write("".join(f"{line.rstrip()}\n" for line in captured.get().splitlines()))


def _table(results: Iterable[Result]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False)
    table.add_column(Text("RESULT"), no_wrap=True)
    table.add_column(Text("CHECK"), overflow="fold")
    group = ""
    for result in results:
        if result.group != group:
            group = result.group
            table.add_row(Text(), Text(group, "bold"))
        table.add_row(Text(_verdict(result), _STYLES[result.verdict]), _told(result))
    return table


def _told(result: Result) -> Text:
    """In a line where nothing is to be done."""
    of = f" of {result.subject}" if result.subject else ""
    told = Text(f"{result.check}{of}: {result.words}")
    if result.waived:
        told.append(f"\nwaived: {result.waived}")
    elif result.fix:
        told.append(f"\ndo: {result.fix}", "bold")
    return told


def _verdict(result: Result) -> str:
    words = f"{result.verdict}, waived" if result.waived else str(result.verdict)
    return f"{words}, late" if result.late else words


def _event(event: PreflightEvent) -> str:
    of = f" of {event.subject}" if event.subject else ""
    if not isinstance(event, CheckChanged):
        return f"{event.check}{of} is made no more"
    waived = f", waived: {event.waived}" if event.waived else ""
    before = event.before or "not made"
    return f"{event.check}{of}: {before} before, {event.verdict} now{waived}"


def _summary(report: PreflightReport) -> str:
    counts = dict.fromkeys(Verdict, 0)
    for one in report.results:
        counts[one.verdict] += 1
    told = ", ".join(f"{count} {verdict}" for verdict, count in counts.items() if count)
    waived = sum(bool(one.waived) for one in report.results)
    also = f", {waived} of them waived" if waived else ""
    end = (
        "nothing stands in the way" if report.passed else "not ready: nothing should be powered on"
    )
    return f"site {report.site!r}: {told or 'nothing to look at'}{also}; {end}"
