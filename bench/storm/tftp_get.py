"""One machine's download over TFTP, block by block, as firmware does it."""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable

from bench.storm.loop import Loop

BLOCK = 1408
_FIRST_WAIT = 1.0
_MOST_TRIES = 6
_READ, _DATA, _ACK, _ERROR, _OACK = 1, 3, 4, 5, 6
_TWO = struct.Struct("!HH")


class TftpGet:
    """`done` gets the number of bytes, `failed` a reason; one of them is called."""

    def __init__(
        self,
        loop: Loop,
        source: str,
        server: str,
        file: str,
        done: Callable[[int], None],
        failed: Callable[[str], None],
    ) -> None:
        self._loop, self._done, self._failed = loop, done, failed
        self._own = socket.socket(socket.AF_INET, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        self._own.bind((source, 0))
        self._peer: tuple[str, int] | None = (server, 69)  # until it has answered
        self._block = self._size = self._tries = self._progress = self._seen = 0
        words = (file, "octet", "blksize", str(BLOCK), "tsize", "0")
        self._last = b"\0\x01" + b"".join(word.encode() + b"\0" for word in words)
        self._own.sendto(self._last, self._peer)
        loop.when_readable(self._own, self._hear)
        loop.after(_FIRST_WAIT, self._look)

    def _hear(self) -> None:
        try:
            packet = self._first() if self._peer is not None else self._own.recv(2048)
        except OSError as error:
            self._end(f"TFTP: {error.strerror}")
            return
        kind, block = _TWO.unpack_from(packet)
        if kind == _DATA and block == (self._block + 1) & 0xFFFF:
            self._take(packet, block)
        elif kind == _OACK and self._block == 0:
            self._acknowledge(0)
        elif kind == _ERROR:
            self._end(f"TFTP: {packet[4:-1].decode('ascii', 'replace')}")

    def _first(self) -> bytes:
        packet, peer = self._own.recvfrom(2048)
        self._own.connect(peer)
        self._peer = None
        return packet

    def _take(self, packet: bytes, block: int) -> None:
        self._block = block
        self._size += len(packet) - 4
        self._acknowledge(block)
        if len(packet) - 4 < BLOCK:
            self._end(None)

    def _acknowledge(self, block: int) -> None:
        self._progress += 1
        self._last = _TWO.pack(_ACK, block)
        self._own.send(self._last)

    def _look(self) -> None:
        """Whether there was progress since it was looked the last time; if not, it says it again."""
        if self._own.fileno() < 0:
            return
        if self._progress != self._seen:
            self._seen, self._tries = self._progress, 0
        elif self._tries == _MOST_TRIES:
            self._end("TFTP: no answer")
            return
        else:
            self._tries += 1
            self._again()
        self._loop.after(_FIRST_WAIT * (1 << self._tries), self._look)

    def _again(self) -> None:
        if self._peer is not None:
            self._own.sendto(self._last, self._peer)
        else:
            self._own.send(self._last)

    def _end(self, problem: str | None) -> None:
        self._loop.forget(self._own)
        if problem is None:
            self._done(self._size)
        else:
            self._failed(problem)
