"""How long is waited between passes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pacing:
    """Seconds between passes: `first` after one that came to something new, then `factor` times
    longer each time up to `longest`; `upkeep` between two rounds of upkeep; `retry` before a Score
    that did not succeed is tried again on a site that is kept, twice as long each time up to
    `longest_retry`."""

    first: float = 0.3
    factor: float = 1.5
    longest: float = 2.0
    upkeep: float = 5.0
    retry: float = 15.0
    longest_retry: float = 360.0

    def after(self, pause: float) -> float:
        return min(pause * self.factor, self.longest)
