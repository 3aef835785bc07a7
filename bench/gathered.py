"""What the rounds of a contest have come to so far."""

from __future__ import annotations

from collections import defaultdict

from bench.figure import Figure, Goal


class Gathered:
    """Values by what was measured and of whom, in the order of the rounds."""

    def __init__(self) -> None:
        self._values: defaultdict[str, defaultdict[str, list[float]]] = defaultdict(
            lambda: defaultdict(list)
        )

    def add(self, what: str, subject: str, value: float) -> None:
        self._values[what][subject].append(value)

    def figure(self, what: str, unit: str, goal: Goal | None) -> Figure:
        """All that was added of that."""
        rounds = {name: tuple(values) for name, values in self._values[what].items()}
        return Figure(what, unit, rounds, goal)
