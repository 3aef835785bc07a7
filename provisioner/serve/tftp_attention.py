"""How the TFTP worker waits for the one client that it serves.

In lock-step the time from an ACK to the next block is the speed. To look at the socket again and again
spares the wake-up, and takes a core from others who may need it, be it the client: which of the two is
faster is a matter of machine and moment, so it is found out. Now and then each is tried for a spell, and
the faster one has the next spells.
"""

from __future__ import annotations

import contextlib
import math
import os
import struct

_SHORTEST_ROUND, _LONGEST_ROUND = 32, 1024
"""Spells from one trial to the next, which comes the later the more often it was in vain."""
_WORTH_IT = 0.95
"""Looking again and again takes a core: it must spare a twentieth of the time."""
_LATENCY = "/dev/cpu_dma_latency"


class Attention:
    """Whether to be `eager` in the next spell, and for how long at most. A spell is some number of
    packets; a round of them begins with a calm one and an eager one."""

    def __init__(self) -> None:
        self.eager = False
        self._at = 0
        self._round = _SHORTEST_ROUND
        self._calm_time = math.inf

    @property
    def limit(self) -> float:
        """Seconds after which the next spell has shown that it is in vain."""
        return self._calm_time if self.eager else math.inf

    def spell(self, took: float) -> None:
        """One has passed; inf if it was in vain."""
        if self._at == 0:
            self._calm_time = took
            self.eager = True
        elif self._at == 1:
            self.eager = took < self._calm_time * _WORTH_IT
            self._round = _SHORTEST_ROUND if self.eager else min(2 * self._round, _LONGEST_ROUND)
        elif took > self.limit:
            self.eager = False
        self._at += 1
        if self._at == self._round:
            self._at, self.eager = 0, False


class WakefulCores:
    """Keeps idle cores from sleeping so deep that to wake up takes longer than to answer: the kernel does
    so while a latency of 0 is asked for (Linux, power/pm_qos_interface). It costs power: for the
    seconds of a fast transfer only, and where it isn't permitted things are slower."""

    def __init__(self, device: str = _LATENCY) -> None:
        self._device = device
        self._asked = -1

    def keep_awake(self) -> None:
        """Harmless when they are awake."""
        if self._asked < 0:
            with contextlib.suppress(OSError):
                self._asked = os.open(self._device, os.O_WRONLY | os.O_CLOEXEC)
                os.write(self._asked, struct.pack("i", 0))

    def let_sleep(self) -> None:
        """Harmless when they may sleep."""
        if self._asked >= 0:
            os.close(self._asked)
            self._asked = -1
