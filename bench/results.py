"""Results as JSON, one file for each thing that was measured: the last run's, for people and programs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from bench.effort import Effort
from bench.figure import Figure
from bench.table import words

FOLDER = Path(__file__).parent / "results"


def document(
    what: str, when: str, effort: Effort, machine: Mapping[str, object], figures: Sequence[Figure]
) -> dict[str, object]:
    """JSON values; `when` is an ISO time."""
    return {
        "what": what,
        "when": when,
        "effort": asdict(effort),
        "machine": dict(machine),
        "figures": [_figure(figure) for figure in figures],
    }


def write(folder: Path, told: Mapping[str, object]) -> Path:
    """`WHAT.json` in the folder, in place of the one before."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{told['what']}.json"
    path.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n")
    return path


def _figure(figure: Figure) -> dict[str, object]:
    ratios = {name: figure.ratio(name) for name in figure.rounds}
    return {
        "what": figure.what,
        "unit": figure.unit,
        "goal": words(figure.goal),
        "reached": _rounded(figure.reached),
        "verdict": figure.verdict,
        "medians": {name: _rounded(figure.median(name)) for name in figure.rounds},
        "ours_is_times": {name: _rounded(ratio) for name, ratio in ratios.items()},
        "rounds": {name: [_rounded(one) for one in own] for name, own in figure.rounds.items()},
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.5g}")
