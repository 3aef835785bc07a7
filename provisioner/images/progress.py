"""How far a build is and how long it will still take, said without knowing the machine.

A build declares its steps with the seconds each took on a reference machine (2 cores, nothing else
running). The machine at hand is slower by some factor, which finished steps tell; within a running step
time itself is the estimate, and never says that a step is over before it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Estimate:
    """`percent` is 0 to 100, `remaining` in seconds."""

    percent: int
    remaining: int


class Steps:
    """The steps of one build in order, with their reference seconds; `now` is any steady clock's seconds."""

    def __init__(self, reference: Mapping[str, float], clock: Callable[[], float]) -> None:
        self._reference = dict(reference)
        self._clock = clock
        self._started = clock()
        self._finished: list[str] = []
        self._finished_at = self._started
        self._part: float | None = None

    def finish(self, step: str) -> None:
        """`step` is done."""
        self._finished.append(step)
        self._finished_at = self._clock()
        self._part = None

    def part(self, fraction: float) -> None:
        """The running step says itself that `fraction` (0 to 1) of it is done."""
        self._part = max(0.0, min(1.0, fraction))

    @property
    def running(self) -> str | None:
        """The step that is not done yet, None at the end."""
        return next((step for step in self._reference if step not in self._finished), None)

    def estimate(self) -> Estimate:
        """What to tell whoever waits."""
        total = sum(self._reference.values())
        done = sum(self._reference[step] for step in self._finished)
        running = self.running
        if running is None:
            return Estimate(100, 0)
        within = self._reference[running] * self._fraction(running, done)
        slowness = self._slowness(done if self._part is None else done + within)
        remaining = (total - done - within) * slowness
        return Estimate(min(99, int(100 * (done + within) / total)), max(1, round(remaining)))

    def _fraction(self, step: str, done: float) -> float:
        if self._part is not None:
            return self._part
        expected = self._reference[step] * self._slowness(done)
        elapsed = self._clock() - self._finished_at
        # Half way it is believed; after that it only creeps towards the end.
        ratio = elapsed / expected if expected > 0 else 1.0
        return ratio if ratio < 0.5 else 1.0 - 0.25 / ratio if ratio > 0 else 0.0

    def _slowness(self, done: float) -> float:
        """Seconds here for one on the reference machine; few seconds seen count little."""
        elapsed = (self._clock() if self._part is not None else self._finished_at) - self._started
        trusted = 20.0
        return max(0.2, (elapsed + trusted) / (done + trusted))
