"""The process that sends files by TFTP, so that neither waits for the other: the daemon's decisions and
the wire. It decides nothing: the daemon hands transfers over, each as a connected socket and an open
file, and is told how they went. It ends when the daemon's end of their socket is closed, by whatever.

`python -m provisioner.serve.tftp_worker DESCRIPTOR`. It imports little, to be there at once.
"""

from __future__ import annotations

import contextlib
import heapq
import math
import os
import resource
import select
import signal
import socket
import struct
import sys
import time
from collections import deque
from collections.abc import Callable

from provisioner.protocol.tftp.transfer import Datagrams, Failed, Transfer, error_datagram
from provisioner.serve.faults import Faults
from provisioner.serve.tftp_attention import Attention, WakefulCores
from provisioner.serve.tftp_file import File, Files
from provisioner.serve.tftp_handover import Ended, HandOver, encode_ended, take
from provisioner.serve.tftp_packets import Packets

_PRIORITY = -5
"""It works in very short turns, for each of which a machine waits; nothing else here is so urgent."""
_LARGEST_HEARD = 479
"""An ACK has 4 bytes; what an ERROR says beyond this is cut off. Room for more would not be Python's own,
which is had faster."""
_MOST_AT_ONCE = 64
_QUICK = 16
"""Packets of one client, the only one, after which it is served alone."""
_SPELL = 128
"""Packets in which only that client is looked at, if it isn't silent for as long as this, nor takes so
long for all of them that others would notice (seconds):"""
_SILENCE = 0.005
_LONGEST_SPELL = 0.025
_LOOKS = 100
"""At the sockets before it is called silent, when eager: some 40 µs, longer than a fast client thinks."""


class _Courier:
    """A transfer with what it is carried out with."""

    __slots__ = ("begun", "file", "number", "packets", "transfer", "udp")

    def __init__(self, order: HandOver, udp: socket.socket, file: File, now: float) -> None:
        self.number = order.number
        self.udp = udp
        udp.settimeout(None)  # a spell waits in recv; everywhere else MSG_DONTWAIT
        udp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, _timeval(_SILENCE))
        self.file = file
        self.packets = Packets(udp, 4 + order.terms.block_size, order.terms.window)
        self.transfer = Transfer(file, order.terms, file.blocks(order.terms.block_size))
        self.begun = now


class Worker:
    """`desk` is the socket to the daemon."""

    def __init__(self, desk: socket.socket) -> None:
        self._desk = desk
        self._desk_number = desk.fileno()
        self._epoll = select.epoll()
        self._epoll.register(desk, select.EPOLLIN)
        self._couriers: dict[int, _Courier] = {}
        self._deadlines: list[tuple[float, int, _Courier]] = []
        self._untold: deque[bytes] = deque()
        self._files = Files()
        self._faults = Faults()
        self._attention = Attention()
        self._cores = WakefulCores()
        self._quick = 0

    def run(self) -> None:
        """Until the daemon has gone."""
        with contextlib.suppress(ConnectionError), self._epoll:
            while self._turn():
                pass

    def _turn(self) -> bool:
        alone = self._quick >= _QUICK and len(self._couriers) == 1
        if alone:
            self._spell(*self._couriers.values())
        events = self._epoll.poll(0 if alone else self._patience(), _MOST_AT_ONCE)
        now = time.monotonic()
        for descriptor, _ in events:
            courier = self._couriers.get(descriptor)
            if courier is not None:
                self._hear(courier, now)
            elif descriptor == self._desk_number and not self._serve_desk(now):
                return False
        while self._deadlines and self._deadlines[0][0] <= now:
            self._look_at_deadline(heapq.heappop(self._deadlines)[2], now)
        return True

    def _patience(self) -> float:
        return max(0.0, self._deadlines[0][0] - time.monotonic()) if self._deadlines else -1

    def _spell(self, courier: _Courier) -> None:
        """Nothing but this client, in as few steps as can be."""
        transfer, recv, send = courier.transfer, courier.udp.recv, courier.packets.send
        clock, eager = time.monotonic, self._attention.eager
        limit = min(_LONGEST_SPELL, self._attention.limit)
        if eager:
            self._cores.keep_awake()
        began = now = clock()
        try:
            for _ in range(_SPELL):
                if eager and not self._comes():
                    break
                datagrams = transfer.received(recv(_LARGEST_HEARD), now := clock())
                if datagrams:
                    send(datagrams)
                    if eager:
                        transfer.prepare()
                if transfer.outcome is not None or now - began > limit:
                    break
            else:
                self._attention.spell(now - began)
                return
        except Exception as hindrance:
            self._hindered(courier, hindrance)
        self._spell_was_broken(courier, now)

    def _spell_was_broken(self, courier: _Courier, now: float) -> None:
        self._quick = 0
        self._cores.let_sleep()
        if courier.transfer.outcome is not None:
            self._end(courier, now)
        elif self._attention.eager:
            self._attention.spell(math.inf)

    def _comes(self) -> bool:
        """Whether a packet of the one client comes at once; something else may have come."""
        for _ in range(_LOOKS):
            if events := self._epoll.poll(0, 1):
                return events[0][0] != self._desk_number
        return False

    def _hear(self, courier: _Courier, now: float) -> None:
        transfer = courier.transfer
        try:
            data = courier.udp.recv(_LARGEST_HEARD, socket.MSG_DONTWAIT)
            datagrams = transfer.received(data, now)
            if datagrams:
                courier.packets.send(datagrams)
                self._quick += 1
        except Exception as hindrance:
            self._hindered(courier, hindrance)
        if transfer.outcome is not None:
            self._end(courier, now)

    def _look_at_deadline(self, courier: _Courier, now: float) -> None:
        """Deadlines move with every ACK; here it is seen whether this one has."""
        if courier.udp.fileno() < 0:
            return
        if courier.transfer.deadline <= now:
            self._say(courier, courier.transfer.time_is_up, now)
        if courier.transfer.outcome is None:
            heapq.heappush(self._deadlines, (courier.transfer.deadline, courier.number, courier))

    def _say(self, courier: _Courier, what: Callable[[float], Datagrams], now: float) -> None:
        try:
            courier.packets.send(what(now))
        except Exception as hindrance:
            self._hindered(courier, hindrance)
        if courier.transfer.outcome is not None:
            self._end(courier, now)

    def _hindered(self, courier: _Courier, hindrance: Exception) -> None:
        """By the network, the file or a bug: it costs one transfer."""
        match hindrance:
            case BlockingIOError():
                return  # silence; or a packet that was none, its checksum being wrong
            case ConnectionRefusedError():
                courier.transfer.fail("the client has closed its port")
                return
            case OSError():
                problem = hindrance.strerror or str(hindrance)
            case _:
                self._faults.tell(hindrance)
                problem = "a fault of this server, told in its log"
        courier.transfer.fail(problem)
        with contextlib.suppress(OSError):
            courier.udp.send(error_datagram(problem), socket.MSG_DONTWAIT)

    def _serve_desk(self, now: float) -> bool:
        """Take what is handed over and tell what is untold; False when the daemon has gone."""
        with contextlib.suppress(BlockingIOError):
            while True:
                taken = take(self._desk)
                if taken is None:
                    return False
                self._begin(*taken, now)
        self._tell()
        return True

    def _begin(self, order: HandOver, udp: int, file: int, now: float) -> None:
        if file < 0:
            self._untold.append(_not_begun(order, "the server has no descriptors left"))
            if udp >= 0:
                os.close(udp)
            return
        endpoint = socket.socket(fileno=udp)
        courier = _Courier(order, endpoint, self._files.take(file, order.size), now)
        self._couriers[udp] = courier
        self._epoll.register(udp, select.EPOLLIN)
        self._say(courier, courier.transfer.begin, now)
        if courier.transfer.outcome is None:
            self._look_at_deadline(courier, now)

    def _end(self, courier: _Courier, now: float) -> None:
        del self._couriers[courier.udp.fileno()]
        courier.udp.close()
        self._files.give_back(courier.file)
        transfer = courier.transfer
        assert transfer.outcome is not None
        took = now - courier.begun
        ended = Ended(courier.number, transfer.outcome, took, transfer.resent)
        self._untold.append(encode_ended(ended))
        self._tell()

    def _tell(self) -> None:
        """As much as the daemon takes now; the rest when it can take more."""
        with contextlib.suppress(BlockingIOError):
            while self._untold:
                self._desk.send(self._untold[0])
                self._untold.popleft()
        more = select.EPOLLOUT if self._untold else 0
        self._epoll.modify(self._desk, select.EPOLLIN | more)


def _timeval(seconds: float) -> bytes:
    return struct.pack("@ll", 0, int(seconds * 1_000_000))


def _not_begun(order: HandOver, problem: str) -> bytes:
    return encode_ended(Ended(order.number, Failed(problem, 0), 0.0, 0))


def main(descriptor: int) -> None:
    """It ends with the daemon: signals to both, by a terminal or a service manager, are the daemon's."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    with contextlib.suppress(PermissionError):
        os.setpriority(os.PRIO_PROCESS, 0, _PRIORITY)
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with socket.socket(fileno=descriptor) as desk:
        desk.setblocking(False)
        Worker(desk).run()


if __name__ == "__main__":
    main(int(sys.argv[1]))
