"""The daemon's side of the TFTP worker: starts it, hands transfers over, hears how they went, and starts
another when it has died."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from inventory.errors import ProvisionerBug
from provisioner.serve.errors import SocketNotBound
from provisioner.serve.faults import Faults
from provisioner.serve.tftp_handover import Ended, HandOver, decode_ended, hand_over

_LARGEST_MESSAGE = 65_536
_PAUSE = 1.0
"""Seconds before a worker that died is followed by another."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A transfer that the worker has had no room for yet."""

    order: HandOver
    udp: socket.socket
    file: int

    def close(self) -> None:
        self.udp.close()
        os.close(self.file)


class TftpSender:
    """`on_ended` is told of each transfer, `on_lost` that all that were under way are lost."""

    def __init__(self, on_ended: Callable[[Ended], None], on_lost: Callable[[], None]) -> None:
        self._on_ended = on_ended
        self._on_lost = on_lost
        self._desk: socket.socket | None = None
        self._worker: subprocess.Popen[bytes] | None = None
        self._waiting: deque[_Waiting] = deque()
        self._faults = Faults()

    @property
    def worker_pid(self) -> int | None:
        """The worker's process, while there is one."""
        return None if self._worker is None else self._worker.pid

    def start(self) -> None:
        """Start the worker. Raises SocketNotBound when there can be none."""
        try:
            ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            with theirs:
                ours.setblocking(False)
                self._desk = ours
                number = theirs.fileno()
                command = (sys.executable, "-m", "provisioner.serve.tftp_worker", str(number))
                self._worker = subprocess.Popen(
                    command, stdin=subprocess.DEVNULL, pass_fds=(number,), process_group=0
                )
        except OSError as error:
            self.close()
            raise SocketNotBound(f"TFTP: its worker can't be started: {error.strerror}") from None

    def hand_over(self, order: HandOver, udp: socket.socket, file: int) -> None:
        """The worker's from now on, both descriptors too. In a running event loop only."""
        self._waiting.append(_Waiting(order, udp, file))
        if len(self._waiting) == 1:
            self._pass_on()

    async def follow(self) -> None:
        """Hear from the worker until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            if self._desk is None:
                raise ProvisionerBug("TftpSender.follow before start")
            try:
                data = await loop.sock_recv(self._desk, _LARGEST_MESSAGE)
            except ConnectionError:
                data = b""
            if data:
                self._on_ended(decode_ended(data))
                continue
            self.close()
            self._on_lost()
            await self._start_again()
            self._pass_on()

    async def _start_again(self) -> None:
        """As soon as it can be: a shortage of memory or descriptors passes."""
        while self._worker is None:
            await asyncio.sleep(_PAUSE)
            try:
                self.start()
            except SocketNotBound as shortage:
                self._faults.tell(shortage)

    def close(self) -> None:
        """End the worker; harmless when there is none."""
        if self._desk is not None:
            self._stop_waiting(self._desk)
            self._desk.close()
            self._desk = None
        if self._worker is not None:
            self._worker.kill()
            self._worker.wait()
            self._worker = None
        while self._waiting:
            self._waiting.popleft().close()

    def _pass_on(self) -> None:
        """As many as it has room for: the kernel queues ten of these messages."""
        while self._waiting:
            first = self._waiting[0]
            if self._desk is None:
                return
            try:
                hand_over(self._desk, first.order, first.udp.fileno(), first.file)
            except BlockingIOError:
                asyncio.get_running_loop().add_writer(self._desk, self._pass_on)
                return
            except OSError:
                return  # it has died, which is heard at once
            self._waiting.popleft().close()
        if self._desk is not None:
            self._stop_waiting(self._desk)

    def _stop_waiting(self, desk: socket.socket) -> None:
        try:
            asyncio.get_running_loop().remove_writer(desk)
        except RuntimeError:
            return  # closed outside of the loop, which has ended
