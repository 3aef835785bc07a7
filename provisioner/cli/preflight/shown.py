"""A report as a person reads it: a table, and below it what is to be done, first things first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TextIO

from rich.console import Console
from rich.padding import Padding
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
    with console.capture() as captured:
        console.print(_table(report.results))
        for result in report.results:
            _to_do(console, result)
        for event in events:
            console.print(Text(f"changed: {_event(event)}"))
        for note in notes:
            console.print(Text(f"note: {note}"))
        console.print(Text(_summary(report)))
    out.write("".join(f"{line.rstrip()}\n" for line in captured.get().splitlines()))


def _table(results: Iterable[Result]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False)
    for heading in ("CHECK", "OF", "RESULT", "SEEN"):
        table.add_column(Text(heading), overflow="fold", no_wrap=heading == "RESULT")
    group = ""
    for result in results:
        if result.group != group:
            group = result.group
            table.add_row(Text(group, "bold"))
        table.add_row(
            Padding(Text(result.check), (0, 0, 0, 2)),
            Text(result.subject),
            Text(_verdict(result), _STYLES[result.verdict]),
            Text(result.words),
        )
    return table


def _verdict(result: Result) -> str:
    words = f"{result.verdict}, waived" if result.waived else str(result.verdict)
    return f"{words}, late" if result.late else words


def _to_do(console: Console, result: Result) -> None:
    of = f" of {result.subject}" if result.subject else ""
    if result.waived:
        console.print(Text(f"waived: {result.check}{of}: {result.waived}"))
    elif result.fix:
        console.print(Text(f"{result.check}{of}"))
        console.print(Padding(Text(f"do: {result.fix}"), (0, 0, 0, 2)))


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
