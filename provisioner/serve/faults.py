"""Faults of this program that one peer ran into: they cost that peer, and are told like any bug."""

from __future__ import annotations

import contextlib
import sys
import time
import traceback
from collections.abc import Callable

_QUIET_SECONDS = 30.0


class Faults:
    """One server's. The same line's fault is told once in a while: who can cause it can cause it a
    thousand times a second. `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._told: dict[tuple[str, int], float] = {}

    def tell(self, fault: Exception) -> None:
        """The traceback, in the process's log."""
        now = self._clock()
        steps = traceback.extract_tb(fault.__traceback__)
        place = (steps[-1].filename, steps[-1].lineno or 0) if steps else ("", 0)
        if now - self._told.get(place, -_QUIET_SECONDS) < _QUIET_SECONDS:
            return
        self._told[place] = now
        with contextlib.suppress(OSError):  # a full disk under the log is no reason to stop
            traceback.print_exception(fault, file=sys.stderr)
