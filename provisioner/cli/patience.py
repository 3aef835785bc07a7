"""How long a machine, or the Scores, may say nothing new before that counts as stuck: measured, never a
constant.

The first guess comes from how fast this machine does a known piece of work; after that, the longest
silence that a machine has come back from teaches what is normal here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

REFERENCE_SECONDS = 0.15
"""What `calibrate`'s work takes on the machine that the silences below were read off (2 cores)."""

LONGEST_SILENCE = {"emulation": 150.0, "kvm": 30.0}
"""The longest silence of one machine on its way there, alone: its installed system's first boot."""

TOLD_TO_WAIT = 20.0
"""How long a machine that only has to be told what to do normally waits for that, at the most."""

SCORES_SECONDS = 600.0
"""What Scores have at least, at no machine's pace: pods fetch their images and start. Kubernetes gives a
Deployment as long to get on (progressDeadlineSeconds)."""

MARGIN = 3.0


def calibrate(clock: Callable[[], float]) -> float:
    """How many times slower than the reference this machine is; at least 1."""
    began = clock()
    sum(number * number for number in range(2_000_000))
    return max(1.0, (clock() - began) / REFERENCE_SECONDS)


@dataclass(slots=True)
class Patience:
    """`slowness` from `calibrate`; `crowd` is how many machines share a core."""

    acceleration: str
    slowness: float
    crowd: float
    _heard: dict[str, float] = field(default_factory=dict[str, float])
    _longest: float = 0.0
    _scores_heard: float | None = None

    def hear(self, host: str, now: float) -> None:
        """The host has given a sign of life."""
        if host in self._heard:
            self._longest = max(self._longest, now - self._heard[host])
        self._heard[host] = now

    def limit(self) -> float:
        """Seconds of silence after which a host is stuck."""
        guess = LONGEST_SILENCE[self.acceleration] * self.slowness * max(1.0, self.crowd)
        return MARGIN * max(guess, self._longest)

    def waiting_limit(self) -> float:
        """Seconds after which a host that is told to wait, though all images are built, is stuck."""
        return MARGIN * TOLD_TO_WAIT * self.slowness * max(1.0, self.crowd)

    def scores_limit(self) -> float:
        """Seconds without anything new after which Scores, once all machines are ready, get on no more."""
        return max(self.limit(), SCORES_SECONDS * self.slowness)

    def hear_scores(self, now: float) -> None:
        """A Score has said something new, or none can before something else is done. How long they were
        silent says nothing of machines."""
        self._scores_heard = now

    def scores_exhausted(self, now: float) -> bool:
        """Whether no Score has said anything new for too long, counting from now if none ever has."""
        if self._scores_heard is None:
            self._scores_heard = now
        return now - self._scores_heard > self.scores_limit()

    def exhausted(self, host: str, now: float, *, told_to_wait: bool = False) -> bool:
        """Whether the host has been silent for too long; one never heard of starts counting now."""
        limit = self.waiting_limit() if told_to_wait else self.limit()
        return now - self._heard.setdefault(host, now) > limit
