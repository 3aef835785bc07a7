"""One thread that attends to thousands of sockets: epoll and a heap of timers, and nothing between them."""

from __future__ import annotations

import heapq
import itertools
import select
import socket
import time
from collections.abc import Callable

Act = Callable[[], None]
_AT_ONCE = 64


class Timer:
    """Something to be done later, unless it is cancelled."""

    __slots__ = ("act",)

    def __init__(self, act: Act) -> None:
        self.act: Act | None = act

    def cancel(self) -> None:
        self.act = None


class Loop:
    """A socket has one thing that is done when it is ready."""

    def __init__(self) -> None:
        self._epoll = select.epoll()
        self._acts: dict[int, Act] = {}
        self._timers: list[tuple[float, int, Timer]] = []
        self._order = itertools.count()

    def when_readable(self, own: socket.socket, act: Act) -> None:
        self._acts[own.fileno()] = act
        self._epoll.register(own, select.EPOLLIN)

    def when_connected(self, own: socket.socket, act: Act) -> None:
        self._acts[own.fileno()] = act
        self._epoll.register(own, select.EPOLLOUT)

    def then_when_readable(self, own: socket.socket, act: Act) -> None:
        """In place of what was waited for at this socket."""
        self._acts[own.fileno()] = act
        self._epoll.modify(own, select.EPOLLIN)

    def forget(self, own: socket.socket) -> None:
        """And close it."""
        del self._acts[own.fileno()]
        own.close()

    def after(self, seconds: float, act: Act) -> Timer:
        timer = Timer(act)
        heapq.heappush(self._timers, (time.monotonic() + seconds, next(self._order), timer))
        return timer

    def run(self, until: Callable[[], bool]) -> None:
        """Until that is so."""
        while not until():
            for descriptor, _ in self._epoll.poll(self._patience(), _AT_ONCE):
                act = self._acts.get(descriptor)
                if act is not None:  # it may have been forgotten in this batch
                    act()
            self._do_what_is_due()

    def _patience(self) -> float:
        return max(0.0, self._timers[0][0] - time.monotonic()) if self._timers else 1.0

    def _do_what_is_due(self) -> None:
        now = time.monotonic()
        while self._timers and self._timers[0][0] <= now:
            _, _, timer = heapq.heappop(self._timers)
            if timer.act is not None:
                timer.act()
