"""The two views of a run's board: a live table on a terminal, lines of text everywhere else."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self, TextIO

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from provisioner.cli.board import Board, Row, RowChanged, RowKind

HEARTBEAT_SECONDS = 30.0
LARGEST_LOG = 2**24
"""Bytes; then it begins anew, with what it said until then beside it."""

CLOCK = "%H:%M:%S"
DATED = f"%Y-%m-%d {CLOCK}"
"""For what goes on for days."""

_COLOURS = {
    "failed": "bold red",
    "failure": "bold red",
    "ready": "green",
    "finished": "green",
    "success": "green",
    "noop": "green",
    "blocked": "dim",
    "queued": "dim",
    "spare": "dim",
}
_AT_REST = frozenset(_COLOURS) - {"failure"}
"""Nothing is under way. A Score's failure is: a site's Scores are tried again, and kept up."""

_MOST_AT_ONCE = 4
"""Rows in one line."""


class View(Protocol):
    """Somebody who watches a run."""

    def show(self, board: Board, said: RowChanged, worth_a_line: bool) -> None: ...
    def say(self, line: str) -> None: ...


class Lines:
    """One line per change, with the time; `beat` repeats what is unfinished when it was quiet. `stamp`
    is the time's form, as strftime(3) has it."""

    def __init__(
        self, out: TextIO, clock: Callable[[], float] = time.time, stamp: str = CLOCK
    ) -> None:
        self._out = out
        self._clock = clock
        self._stamp = stamp
        self._last = clock()

    def show(self, board: Board, said: RowChanged, worth_a_line: bool) -> None:
        if worth_a_line:
            self.say(board.rows[(said.kind, said.name)].line())

    def say(self, line: str) -> None:
        self._last = self._clock()
        stamp = time.strftime(self._stamp, time.localtime(self._last))
        self._out.write(f"{stamp} {line}\n")
        self._out.flush()

    def beat(self, board: Board) -> None:
        """Says what is under way, if nothing has been said for `HEARTBEAT_SECONDS`."""
        if self._clock() - self._last < HEARTBEAT_SECONDS:
            return
        busy = [row for row in board.in_order() if row.said.standing not in _AT_REST]
        busy.sort(key=lambda row: row.said.kind is not RowKind.SCORE)  # what the others are for
        said = [" ".join(row.line().split()) for row in busy[:_MOST_AT_ONCE]]
        if more := len(busy) - len(said):
            said.append(f"{more} more")
        if said:
            self.say("still: " + "; ".join(said))


class LiveTable:
    """A table redrawn in place; sentences scroll above it."""

    def __init__(self, console: Console, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._live = Live(console=console, refresh_per_second=4)

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._live.stop()

    def show(self, board: Board, said: RowChanged, worth_a_line: bool) -> None:
        self._live.update(table(board.in_order(), self._clock()))

    def say(self, line: str) -> None:
        self._live.console.print(line, highlight=False, markup=False)


class Log:
    """Every happening with its date, also those without a line of their own, in one file. It lies on the
    disk that the daemon's store must commit to: what is said twice is written once, and of `largest`
    bytes a new one begins, with one older one beside it."""

    def __init__(self, path: Path, largest: int = LARGEST_LOG) -> None:
        self._path = path
        self._largest = largest
        self._written: dict[tuple[str, str], RowChanged] = {}
        self._open()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def show(self, board: Board, said: RowChanged, worth_a_line: bool) -> None:
        key = (said.kind, said.name)
        if self._written.get(key) != said:
            self._written[key] = said
            self.say(board.rows[key].line())

    def say(self, line: str) -> None:
        self._lines.say(line)
        if self._file.tell() > self._largest:
            self._file.close()
            self._path.replace(self._path.with_suffix(".older.log"))
            self._open()

    def _open(self) -> None:
        self._file = self._path.open("a", encoding="utf-8")
        self._lines = Lines(self._file, stamp=DATED)


def table(rows: tuple[Row, ...], now: float) -> Table:
    """The board as a table: what, who, how far, since when, in words."""
    drawn = Table(box=None, pad_edge=False)
    for heading in ("", "", "state", "for", ""):
        drawn.add_column(heading, no_wrap=heading != "", overflow="fold")
    for row in rows:
        said = row.said
        measure = "" if said.percent is None else f" {said.percent:.0f} %"
        state = Text(f"{said.state}{measure}", _COLOURS.get(said.standing, "yellow"))
        words = (said.kind, said.name, state, f"{now - row.since:.0f} s", said.words)
        drawn.add_row(*(Text(word) if isinstance(word, str) else word for word in words))
    return drawn


class Watch:
    """The board and everybody who watches it; the one place that the parts of a run report to."""

    def __init__(self, views: tuple[View, ...], clock: Callable[[], float] = time.time) -> None:
        self._board = Board()
        self._views = views
        self._clock = clock

    def tell(self, said: RowChanged) -> None:
        """Takes a row's news in and shows it."""
        self._board, worth_a_line = self._board.told(said, self._clock())
        for view in self._views:
            view.show(self._board, said, worth_a_line)

    def say(self, line: str) -> None:
        """A sentence to the person, outside of any row."""
        for view in self._views:
            view.say(line)

    def beat(self) -> None:
        """To be called about once a second: keeps a view without a terminal from falling silent."""
        for view in self._views:
            if isinstance(view, Lines):
                view.beat(self._board)
