"""Who answers, and what else the connections of one HTTP server share."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from provisioner.protocol.http.date import http_date
from provisioner.serve.faults import Faults
from provisioner.serve.http_message import Answer, Handler, Request, RequestRefused, text
from provisioner.serve.http_turns import Turns

_READS_AT_ONCE = 4
_FAULT = text(500, "this is a fault of the provisioner, which has logged it")


@dataclass(frozen=True, slots=True)
class HttpLimits:
    """How many may be there at once, and how long they may keep us waiting, in seconds. A relay or a
    bench is many machines behind one address."""

    connections: int = 8192
    of_one_peer: int = 2048
    held: int = 64 * 1024 * 1024
    """Bytes of requests that aren't complete, of all connections together."""
    idle: float = 60.0
    request: float = 30.0
    """For a whole request, from its first byte to its last: dripping doesn't help."""
    stall: float = 300.0
    """Without a byte taken: an emulated machine may write its disk for long."""
    linger: float = 2.0
    grace: float = 1.0
    """Whoever has kept us waiting for longer may have to make room."""


class HttpDesk:
    """`clock` gives epoch seconds; `spawn` has a coroutine run to its end, which is never an
    exception."""

    def __init__(
        self,
        answer: Handler,
        clock: Callable[[], float],
        spawn: Callable[[Coroutine[None, None, None]], object],
        on_event: Callable[[RequestRefused], None],
        limits: HttpLimits,
    ) -> None:
        self.clock = clock
        self.spawn = spawn
        self.on_event = on_event
        self.limits = limits
        self.turns = Turns()
        self._disk = ThreadPoolExecutor(_READS_AT_ONCE, "http-disk")
        self.faults = Faults()
        self._answer = answer
        self._second = -1
        self._date = ""

    def ask(self, request: Request) -> Answer | Awaitable[Answer]:
        """A bug in an answer costs one answer: DHCP and the other machines go on."""
        try:
            return self._answer(request)
        except Exception as fault:
            self.faults.tell(fault)
            return _FAULT

    async def awaited(self, answer: Awaitable[Answer]) -> Answer:
        """Likewise."""
        try:
            return await answer
        except Exception as fault:
            self.faults.tell(fault)
            return _FAULT

    async def read(self, reading: Callable[[bool], None]) -> None:
        """In a thread. Cancelled, it reads to its end if it has begun, and lets go if it hasn't."""
        work = self._disk.submit(reading, True)
        try:
            await asyncio.wrap_future(work)
        except asyncio.CancelledError:
            if work.cancel():
                reading(False)
            raise

    def close(self) -> None:
        self.turns.end()
        self._disk.shutdown(wait=False)

    def date(self, now: float) -> str:
        """As HTTP writes it; a thousand answers share a second."""
        second = int(now)
        if second != self._second:
            self._second, self._date = second, http_date(now)
        return self._date
