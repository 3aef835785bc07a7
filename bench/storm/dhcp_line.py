"""All machines' DHCP through one socket, as on one wire: each asks by broadcast, again at PXE's times.

The kernel says when an answer came, so that this process' own business isn't counted as the server's time.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass

from bench.storm.loop import Loop, Timer
from bench.storm.message import ACK, NAK, OFFER, Answer, Stage, answer_in, question

WAITS = (4.0, 8.0, 16.0, 32.0)
"""Seconds (PXE 2.1, 2.2.5): then the firmware gives up."""
_EVERYBODY = ("255.255.255.255", 67)
_SO_TIMESTAMPNS = 35
_SO_RCVBUFFORCE = 33
_BUFFER = 32 << 20
_TIMESPEC = struct.Struct("@qq")


@dataclass(frozen=True, slots=True)
class Leased:
    """What a machine has at the end of an exchange; `seconds` is the time it waited for answers."""

    address: bytes
    next_server: bytes
    file: str
    seconds: float
    tries: int


class DhcpLine:
    """To be used where the machines' interface is `interface`."""

    def __init__(self, loop: Loop, interface: str) -> None:
        self._loop = loop
        self._asking: dict[int, _Exchange] = {}
        self._own = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._own.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        self._own.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, interface.encode() + b"\0")
        self._own.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, _BUFFER)
        self._own.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
        self._own.bind(("0.0.0.0", 68))
        self._own.setblocking(False)
        loop.when_readable(self._own, self._hear)

    def exchange(
        self, number: int, stage: Stage, done: Callable[[Leased], None], failed: Callable[[], None]
    ) -> None:
        """From DISCOVER to ACK. One at a time for a machine."""
        self._asking[number] = _Exchange(self, number, stage, done, failed)
        self._asking[number].ask()

    def send(self, message: bytes) -> None:
        with contextlib.suppress(BlockingIOError):  # lost, as on a wire
            self._own.sendto(message, _EVERYBODY)

    def after(self, seconds: float, act: Callable[[], None]) -> Timer:
        return self._loop.after(seconds, act)

    def ended(self, number: int) -> None:
        del self._asking[number]

    def _hear(self) -> None:
        while True:
            try:
                payload, ancillary, _, _ = self._own.recvmsg(2048, 64)
            except BlockingIOError:
                return
            answer = answer_in(payload)
            exchange = None if answer is None else self._asking.get(answer.number)
            if answer is not None and exchange is not None:
                seconds, nanoseconds = _TIMESPEC.unpack(ancillary[0][2])
                exchange.told(answer, seconds + nanoseconds / 1e9)


class _Exchange:
    """DISCOVER to ACK of one machine."""

    def __init__(
        self,
        line: DhcpLine,
        number: int,
        stage: Stage,
        done: Callable[[Leased], None],
        failed: Callable[[], None],
    ) -> None:
        self._line, self._number, self._stage = line, number, stage
        self._done, self._failed = done, failed
        self._offer: Answer | None = None
        self._timer: Timer | None = None
        self._since = time.time()
        self._waited = 0.0
        self._wait = 0
        self._tries = 0

    def ask(self) -> None:
        """DISCOVER or REQUEST, for the first time or again."""
        if self._wait == len(WAITS):
            self._line.ended(self._number)
            self._failed()
            return
        offer = self._offer
        wants, server = (b"", b"") if offer is None else (offer.address, offer.server)
        self._line.send(question(self._number, self._stage, wants, server))
        self._timer = self._line.after(WAITS[self._wait], self.ask)
        self._wait += 1
        self._tries += 1

    def told(self, answer: Answer, arrived: float) -> None:
        if answer.kind == OFFER and self._offer is None:
            self._begin(answer, arrived)
        elif answer.kind == NAK and self._offer is not None:
            self._begin(None, arrived)
        elif answer.kind == ACK and self._offer is not None:
            self._cancel()
            self._line.ended(self._number)
            waited = self._waited + arrived - self._since
            tries = self._tries
            self._done(Leased(answer.address, answer.next_server, answer.file, waited, tries))

    def _begin(self, offer: Answer | None, arrived: float) -> None:
        self._cancel()
        self._waited += arrived - self._since
        self._since = time.time()
        self._offer, self._wait = offer, 0
        self.ask()

    def _cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
