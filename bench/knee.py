"""The highest rate that a server still answers: raised until it doesn't, then closed in upon. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of asking at one rate: `achieved` is what was completed each second."""

    achieved: float
    sustained: bool


@dataclass(frozen=True, slots=True)
class Search:
    """`step` is the factor by which the rate is raised or lowered at first; it ends when what was
    sustained and what was not are within `precision` of each other. A rate that wasn't sustained is
    tried `tries` times: the machine may have been busy with something else. `most` is of different rates."""

    step: float = 1.5
    precision: float = 1.05
    tries: int = 2
    most: int = 40
    lowest: int = 50

    def knee(self, attempt: Callable[[int], Trial], start: int) -> float:
        """What was achieved at the highest rate that was sustained; 0 if none was."""
        below, above, best = 0, 0, 0.0
        rate = start
        for _ in range(self.most):
            if rate < self.lowest or (below and above and above / below <= self.precision):
                break
            trial = self._tried(attempt, rate)
            if trial.sustained:
                below, best = rate, max(best, trial.achieved)
            else:
                above = rate
            rate = self._next(below, above, rate)
        return best

    def _tried(self, attempt: Callable[[int], Trial], rate: int) -> Trial:
        trials = (attempt(rate) for _ in range(self.tries))
        last = Trial(0.0, sustained=False)
        for last in trials:
            if last.sustained:
                break
        return last

    def _next(self, below: int, above: int, rate: int) -> int:
        if not above:
            return round(rate * self.step)
        if not below:
            return max(int(rate / self.step), self.lowest) if rate > self.lowest else 0
        return round(math.sqrt(below * above))
