"""Time that passes only when everything waits: tests of pacing that never sleep."""

from __future__ import annotations

import asyncio
import heapq
import itertools


class VirtualTime:
    """`sleep` and `clock` for a Maestro: whoever sleeps is woken in the order of due times."""

    def __init__(self) -> None:
        self.now = 0.0
        self._order = itertools.count()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        woken = asyncio.get_running_loop().create_future()
        entry = (self.now + seconds, next(self._order), woken)
        heapq.heappush(self._sleepers, entry)
        asyncio.get_running_loop().call_soon(self._advance, 20)
        await woken

    def _advance(self, turns: int) -> None:
        """Lets everybody who can run do so for some turns of the loop, then wakes the next."""
        if turns:
            asyncio.get_running_loop().call_soon(self._advance, turns - 1)
        elif self._sleepers:
            due, _, woken = heapq.heappop(self._sleepers)
            self.now = max(self.now, due)
            if not woken.done():
                woken.set_result(None)
