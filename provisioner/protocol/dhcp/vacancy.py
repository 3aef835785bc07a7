"""Which address of a pool a new client gets, found without looking at every one.

In a full pool of thousands, walking over all addresses for each DISCOVER would cost more than everything
else together. Every address is in one of two places: behind a mark that only moves forward, which nobody
has had; or in a queue ordered by when it is free again. It is a memo of the lease table and never the
truth: whoever takes an address from it asks the table whether the address is free.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping

from provisioner.protocol.dhcp.link import Pool

_LOOKED_AGAIN_AFTER = 60.0
"""Seconds: addresses that were set aside for an answer which was never given are found again then."""


class Vacancies:
    """`touched` has the addresses, by number, that anybody ever had, was offered or declined, and when
    each is free again (epoch seconds)."""

    def __init__(self, pool: Pool, touched: Mapping[int, float]) -> None:
        self.pool = pool
        self._next = int(pool.first)
        self._end = int(pool.last) + 1
        self._queue = [(until, number) for number, until in touched.items()]
        heapq.heapify(self._queue)
        self._queued = set(touched)
        self._looked_again = 0.0

    def note(self, number: int, until: float) -> None:
        """The address is in use until then."""
        if number not in self._queued:
            self._queued.add(number)
            heapq.heappush(self._queue, (until, number))

    def freed(self, number: int) -> None:
        """The address may be free before the time that was noted."""
        self._queued.add(number)
        heapq.heappush(self._queue, (0.0, number))

    def take(
        self, is_free: Callable[[int], bool], busy_until: Callable[[int], float], now: float
    ) -> int | None:
        """An address that nobody has had, else the one that is free the longest, set aside; None if
        there is none."""
        found = self._untouched(is_free)
        if found is None:
            found = self._freed(is_free, busy_until, now)
        if found is None and now - self._looked_again >= _LOOKED_AGAIN_AFTER:
            self._looked_again = now
            self._next = int(self.pool.first)
            return self._untouched(is_free)
        return found

    def _untouched(self, is_free: Callable[[int], bool]) -> int | None:
        while self._next < self._end:
            number = self._next
            self._next += 1
            if number not in self._queued and is_free(number):
                return number
        return None

    def _freed(
        self, is_free: Callable[[int], bool], busy_until: Callable[[int], float], now: float
    ) -> int | None:
        """What was noted may be renewed since: then it goes back into the queue, with its new time."""
        while self._queue and self._queue[0][0] <= now:
            _, number = heapq.heappop(self._queue)
            self._queued.discard(number)
            until = busy_until(number)
            if until > now:
                self.note(number, until)
                continue
            if number in self.pool.numbers and is_free(number):
                return number
        return None
