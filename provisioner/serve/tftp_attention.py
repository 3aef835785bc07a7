"""How the TFTP worker waits for the one client that it serves.

In lock-step the time from an ACK to the next block is the speed. To look at the socket again and again
spares the wake-up, and takes a core from others who may need it, be it the client: which of the two is
faster is a matter of machine and moment, so it is found out. Now and then each is tried for a spell, and
the faster one has the next spells.
"""

from __future__ import annotations

_SPELL = 128
"""Packets."""
_SPELLS = 32
"""From one trial to the next."""
_WORTH_IT = 0.9
"""Looking again and again takes a core: it must spare a tenth of the time."""


class Attention:
    """Whether to be `eager`, after each packet."""

    __slots__ = ("_began", "_eager_time", "_packets", "_spell", "eager")

    def __init__(self, now: float) -> None:
        self.eager = False
        self._began = now
        self._packets = 0
        self._spell = 0
        self._eager_time = 0.0

    def packet(self, now: float) -> None:
        """One has come."""
        self._packets += 1
        if self._packets == _SPELL:
            self._next_spell(now - self._began)
            self._began = now
            self._packets = 0

    def _next_spell(self, took: float) -> None:
        """The first of a round is eager, the second calm, the rest as the faster of them was."""
        self._spell += 1
        if self._spell == 1:
            self.eager = True
        elif self._spell == 2:
            self._eager_time, self.eager = took, False
        elif self._spell == 3:
            self.eager = self._eager_time < took * _WORTH_IT
        elif self._spell == _SPELLS:
            self._spell, self.eager = 1, True
