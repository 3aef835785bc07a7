"""How much is measured: enough for figures to go by, or just enough to see that something moves."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Effort:
    """`rounds` of everything, of `seconds` where time is what is chosen; `alone` leaves the peers out;
    `scale` is the part of a full-size file or crowd; `trials` are for a rate to be found at most. `quick`
    takes the first word for an answer."""

    rounds: int = 3
    seconds: int = 6
    alone: bool = False
    quick: bool = False
    scale: float = 1.0
    trials: int = 40

    def without_peers(self, alone: bool) -> Effort:
        """The same, alone or not."""
        return replace(self, alone=alone)
