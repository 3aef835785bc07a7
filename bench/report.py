"""The last results as a page for people, out of the JSON beside it. Pure but for the reading and writing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from bench.figure import OURS
from bench.table import number

PAGE = "README.md"
_HEAD = """\
# What the last runs measured

Written by `./dev bench` out of the JSON beside it: medians of all rounds, and in brackets how many times the
peer's ours is. How it is measured: [bench](../README.md).
"""


@dataclass(frozen=True, slots=True)
class ToldFigure:
    """As `results.document` writes it, as far as it is shown."""

    what: str
    unit: str
    goal: str
    verdict: str
    medians: dict[str, float]
    ours_is_times: dict[str, float | None]


@dataclass(frozen=True, slots=True)
class Told:
    """One document."""

    what: str
    when: str
    effort: dict[str, float]
    machine: dict[str, object]
    figures: tuple[ToldFigure, ...]


_TOLD = TypeAdapter(Told)


def write_page(folder: Path, order: Sequence[str]) -> Path:
    """Of the documents in the folder, in that order; without those that another version wrote."""
    told = [one for name in order if (one := _read(folder / f"{name}.json")) is not None]
    (folder / PAGE).write_text(page(told))
    return folder / PAGE


def _read(file: Path) -> Told | None:
    try:
        return _TOLD.validate_json(file.read_bytes())
    except (FileNotFoundError, ValidationError):
        return None


def page(documents: Sequence[Told]) -> str:
    """Markdown."""
    lines = [_HEAD, "| | ours | peers | goal | |", "| --- | --- | --- | --- | --- |"]
    lines += [_row(figure) for told in documents for figure in told.figures]
    lines += ["", "Measured on:"]
    lines += [f"- {_occasion(told)}: {_machine(told.machine)}" for told in documents]
    return "\n".join(lines) + "\n"


def _row(figure: ToldFigure) -> str:
    peers = ", ".join(_peers(figure))
    ours = f"{number(figure.medians.get(OURS))} {figure.unit}"
    return f"| {figure.what} | {ours} | {peers} | {figure.goal} | {figure.verdict} |"


def _peers(figure: ToldFigure) -> Iterator[str]:
    for name, median in figure.medians.items():
        ratio = figure.ours_is_times.get(name)
        if name != OURS:
            yield f"{name} {number(median)}" + (f" ({number(ratio)} x)" if ratio else "")


def _occasion(told: Told) -> str:
    quick = ", only a first idea" if told.effort["quick"] else ""
    return f"{told.what}, {told.when}, rounds: {number(told.effort['rounds'])}{quick}"


def _machine(machine: Mapping[str, object]) -> str:
    plain = {key: value for key, value in machine.items() if key != "packages"}
    packages = json.dumps(machine.get("packages", {})).strip("{}").replace('"', "")
    return ", ".join(f"{key} {value}" for key, value in plain.items()) + f"; {packages}"
