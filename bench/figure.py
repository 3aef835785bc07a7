"""One measured quantity: what it was in each round, of us and of each peer, and what it has to be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median
from typing import assert_never

OURS = "provisioner"


@dataclass(frozen=True, slots=True)
class TimesBest:
    """At least `factor` times the better of these peers' medians."""

    factor: float
    peers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AtLeast:
    """Our own median, whatever the peers do."""

    value: float


@dataclass(frozen=True, slots=True)
class AtMost:
    """Likewise, where less is better. Of several rounds the worst counts."""

    value: float


Goal = TimesBest | AtLeast | AtMost


@dataclass(frozen=True, slots=True)
class Figure:
    """`rounds` has a value a round for each subject; `goal` is None for what is told without judging."""

    what: str
    unit: str
    rounds: Mapping[str, tuple[float, ...]]
    goal: Goal | None = None

    def median(self, subject: str) -> float:
        """Of the rounds in which the subject took part."""
        return median(self.rounds[subject])

    def ratio(self, subject: str) -> float | None:
        """Ours to that subject's; None where either wasn't measured or the subject's is nothing."""
        if OURS not in self.rounds or subject not in self.rounds or not self.median(subject):
            return None
        return self.median(OURS) / self.median(subject)

    @property
    def reached(self) -> float | None:
        """What the goal is about: a ratio or a value; None where it can't be told."""
        if OURS not in self.rounds:
            return None
        match self.goal:
            case TimesBest(peers=peers):
                measured = [self.median(peer) for peer in peers if peer in self.rounds]
                best = max(measured, default=0.0)
                return self.median(OURS) / best if best else None
            case AtMost():
                return max(self.rounds[OURS])
            case AtLeast() | None:
                return self.median(OURS)
            case _:
                assert_never(self.goal)

    @property
    def falls_short(self) -> bool:
        """Whether there is a goal, it can be told, and it isn't reached."""
        reached = self.reached
        match self.goal:
            case TimesBest(factor=least) | AtLeast(value=least):
                return reached is not None and reached < least
            case AtMost(value=most):
                return reached is not None and reached > most
            case None:
                return False
            case _:
                assert_never(self.goal)

    @property
    def verdict(self) -> str:
        """In a word or two; empty without a goal."""
        if self.goal is None:
            return ""
        if self.reached is None:
            return "not compared"
        return "FALLS SHORT" if self.falls_short else "reached"
