"""Whose turn it is: many sockets behind one descriptor of the event loop.

A thousand machines that are ready at once would all be served before the loop looks at DHCP again.
Here a few are, each time the loop comes by; the kernel keeps the others in order, first come first
served (epoll(7): what is returned goes to the end of the queue).
"""

from __future__ import annotations

import asyncio
import select
from collections.abc import Callable

_AT_ONCE = 16
READS, WRITES = select.EPOLLIN, select.EPOLLOUT
_BOTH = READS | WRITES


class Turns:
    """In the event loop from `begin` to `end`."""

    def __init__(self) -> None:
        self._poll = select.epoll()
        self._ready: dict[int, Callable[[int], None]] = {}

    def begin(self) -> None:
        asyncio.get_running_loop().add_reader(self._poll.fileno(), self._turn)

    def end(self) -> None:
        asyncio.get_running_loop().remove_reader(self._poll.fileno())
        self._poll.close()

    def watch(self, descriptor: int, events: int, ready: Callable[[int], None]) -> None:
        """Have `ready` called with what the descriptor is ready for, time and again; READS, WRITES or
        both. A broken connection is ready for both."""
        if descriptor in self._ready:
            self._poll.modify(descriptor, events)
        else:
            self._poll.register(descriptor, events)
        self._ready[descriptor] = ready

    def forget(self, descriptor: int) -> None:
        """Harmless if it isn't watched."""
        if self._ready.pop(descriptor, None) is not None:
            self._poll.unregister(descriptor)

    def _turn(self) -> None:
        left = _AT_ONCE
        while left > 0 and (served := self._poll.poll(0, left)):
            left -= len(served)
            for descriptor, events in served:
                ready = self._ready.get(descriptor)
                if ready is not None:  # it may have been closed by the one before it
                    ready(events if events & ~_BOTH == 0 else _BOTH)
