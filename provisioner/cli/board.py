"""What a person watching a run needs to see, as a value: one row per builder, host and Score.

Two views read it: a live table on a terminal, and lines where there is none. A line is written when
a row's state changes, when its words change in more than how far and how long, or when its percentage has
moved by a tenth.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from enum import StrEnum

_MEASURE = re.compile(r"[\d.]+ (%|s\b|min\b|[kMGT]?B (so far|of)\b)")
"""What of a row's words moves all the time: the row of the image itself tells it by tenths."""


class RowKind(StrEnum):
    """In the order in which the rows are shown."""

    IMAGE = "image"
    ASSET = "asset"
    HOST = "host"
    SCORE = "score"


@dataclass(frozen=True, slots=True)
class RowChanged:
    """A row says something new. `percent` is 0 to 100, or None where there is no measure. `status` is
    how things stand, where the state does not tell: the stage of a Score doesn't, its outcome does."""

    kind: RowKind
    name: str
    state: str
    words: str = ""
    percent: float | None = None
    status: str = ""

    @property
    def standing(self) -> str:
        """What a view judges the row by."""
        return self.status or self.state


@dataclass(frozen=True, slots=True)
class Row:
    """The last a row has said; `since` is when its state began, by the caller's clock."""

    said: RowChanged
    since: float

    def line(self) -> str:
        """The row as one line of text, without its time."""
        said = self.said
        measure = "" if said.percent is None else f" {said.percent:.0f} %"
        words = f" · {said.words}" if said.words else ""
        return f"{said.kind:5} {said.name:24} {said.state}{measure}{words}"


@dataclass(frozen=True, slots=True)
class Board:
    """All rows. Values are never changed: `told` gives the next board."""

    rows: dict[tuple[RowKind, str], Row] = field(default_factory=dict[tuple[RowKind, str], Row])

    def told(self, said: RowChanged, now: float) -> tuple[Board, bool]:
        """The board after `said`, and whether that is worth a line of its own."""
        key = (said.kind, said.name)
        before = self.rows.get(key)
        same_state = before is not None and before.said.state == said.state
        row = replace(before, said=said) if before and same_state else Row(said, now)
        return Board({**self.rows, key: row}), not (before and _alike(before.said, said))

    def in_order(self) -> tuple[Row, ...]:
        """The rows by kind, each kind in the order of first appearance."""
        kinds = list(RowKind)
        return tuple(sorted(self.rows.values(), key=lambda row: kinds.index(row.said.kind)))


def _alike(before: RowChanged, after: RowChanged) -> bool:
    tenth = (before.percent or 0) // 10 == (after.percent or 0) // 10
    same = before.state == after.state and before.standing == after.standing
    return same and _steady(before) == _steady(after) and tenth


def _steady(said: RowChanged) -> str:
    return _MEASURE.sub("", said.words)
