"""What Maestro tells while it carries Scores out: past tense, in the order it happened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from harmony.domain.outcome import Outcome
from harmony.domain.score import Score


class Stage(StrEnum):
    """What of a Score is being run."""

    INTERPRET = "interpret"
    READINESS = "readiness"
    SMOKE_TEST = "smoke test"
    UPKEEP = "upkeep"


@dataclass(frozen=True, slots=True)
class TopologyChanged:
    """What the topology said of its own readiness, when it said something new."""

    outcome: Outcome


@dataclass(frozen=True, slots=True)
class ScoreStarted:
    """Nothing it waits for is missing any more: its first pass begins."""

    score: Score[Any]


@dataclass(frozen=True, slots=True)
class ScoreChanged:
    """A pass of `stage` came to something other than the pass before."""

    score: Score[Any]
    stage: Stage
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class ScoreFinished:
    """The last word on a Score, until it is tried again; `seconds` since its first pass."""

    score: Score[Any]
    outcome: Outcome
    seconds: float


@dataclass(frozen=True, slots=True)
class RunFinished:
    """Every Score has its last word; told again when tries after that came to something new."""

    outcomes: Mapping[str, Outcome]


Event = TopologyChanged | ScoreStarted | ScoreChanged | ScoreFinished | RunFinished
