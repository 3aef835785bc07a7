"""Figures as a table that a person reads: medians, how ours compares, the goal, what falls short. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import assert_never

from bench.figure import OURS, AtLeast, AtMost, Figure, Goal, TimesBest

Row = tuple[str, str, str, str, str]
_HEAD: Row = ("", "median", "ours is", "goal", "")
_NOTHING = ("", "", "", "")


def table(figures: Sequence[Figure]) -> str:
    """A block for each figure, a line for each subject."""
    rows: list[Row] = [_HEAD]
    for figure in figures:
        rows.append((f"{figure.what} ({figure.unit})", "", "", "", ""))
        rows.extend(_lines(figure))
    return "\n".join(_aligned(rows))


def shortfalls(figures: Iterable[Figure]) -> list[str]:
    """A sentence for each figure that isn't what it has to be."""
    return [
        f"{figure.what}: {number(figure.reached)}{_sign(figure.goal)}, the goal is {words(figure.goal)}"
        for figure in figures
        if figure.falls_short
    ]


def words(goal: Goal | None) -> str:
    """`≥ 2 x best of dnsmasq, kea`; empty without a goal."""
    match goal:
        case TimesBest(factor, peers):
            return f"≥ {factor:g} x best of {', '.join(dict.fromkeys(peers))}"
        case AtLeast(value):
            return f"≥ {value:,g}"
        case AtMost(value):
            return f"≤ {value:,g}"
        case None:
            return ""
        case _:
            assert_never(goal)


def number(value: float | None) -> str:
    """Three digits where there are few, whole numbers where there are many."""
    if value is None:
        return "not measured"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _lines(figure: Figure) -> Iterator[Row]:
    for subject in figure.rounds:
        if subject == OURS:
            median = number(figure.median(subject))
            yield (f"  {subject}", median, "", words(figure.goal), figure.verdict)
        else:
            ratio = figure.ratio(subject)
            compared = "" if ratio is None else f"{number(ratio)} x"
            yield (f"  {subject}", number(figure.median(subject)), compared, "", "")


def _sign(goal: Goal | None) -> str:
    return " x" if isinstance(goal, TimesBest) else ""


def _aligned(rows: Sequence[Row]) -> Iterator[str]:
    names = max(len(row[0]) for row in rows if row[1:] != _NOTHING)
    for row in rows:
        if row[1:] == _NOTHING:
            yield row[0]
        else:
            name, median, compared, goal, verdict = row
            yield f"{name:<{names}} {median:>12} {compared:>9}  {goal}  {verdict}".rstrip()
