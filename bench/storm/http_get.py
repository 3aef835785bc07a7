"""One machine's download over HTTP/1.1. What isn't kept is thrown away in the kernel, uncopied."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Callable
from urllib.parse import urlsplit

from bench.storm.loop import Loop

_PATIENCE = 30.0
_HEAD = 16 << 10
_AT_ONCE = 1 << 20
_buffer = bytearray(_AT_ONCE)


class HttpGet:
    """`done` gets the body if it is kept, else nothing, and `failed` a reason; one of them is called."""

    def __init__(
        self,
        loop: Loop,
        source: str,
        url: str,
        keep: bool,
        done: Callable[[bytes], None],
        failed: Callable[[str], None],
    ) -> None:
        self._loop, self._keep, self._done, self._failed = loop, keep, done, failed
        parts = urlsplit(url)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        words = f"GET {path} HTTP/1.1\r\nHost: {parts.netloc}\r\nConnection: close\r\n\r\n"
        self._request = words.encode()
        self._head, self._body, self._left, self._seen = b"", b"", -1, -1
        self._own = socket.socket(socket.AF_INET, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        self._own.bind((source, 0))
        self._own.connect_ex((parts.hostname or "", parts.port or 80))
        loop.when_connected(self._own, self._connected)
        loop.after(_PATIENCE, self._look)

    def _connected(self) -> None:
        problem = self._own.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if problem:
            self._end(os.strerror(problem))
            return
        self._own.send(self._request)
        self._loop.then_when_readable(self._own, self._hear)

    def _hear(self) -> None:
        try:
            if self._left < 0:
                self._read_head()
            elif self._keep:
                self._took(self._kept())
            else:
                flags = socket.MSG_TRUNC
                self._took(self._own.recv_into(_buffer, min(self._left, _AT_ONCE), flags))
        except BlockingIOError:
            return
        except OSError as error:
            self._end(errno.errorcode.get(error.errno or 0, "?"))

    def _kept(self) -> int:
        more = self._own.recv(self._left)
        self._body += more
        return len(more)

    def _read_head(self) -> None:
        """Up to the empty line; what has come of the body with it is taken too."""
        more = self._own.recv(_HEAD)
        self._head += more
        head, end, body = self._head.partition(b"\r\n\r\n")
        if not end:
            if not more:
                self._end("closed before an answer")
            return
        status, *fields = head.decode("latin-1").split("\r\n")
        if status.split()[1] != "200":
            self._end(status)
            return
        lengths = [
            line.split(":")[1] for line in fields if line.lower().startswith("content-length:")
        ]
        self._left, self._head = int(lengths[0]), b""
        self._body = body if self._keep else b""
        self._took(len(body) if body else -1)

    def _took(self, count: int) -> None:
        """-1: nothing was asked for."""
        if count == 0 and self._left:
            self._end(f"closed {self._left} bytes before the end")
            return
        self._left -= max(count, 0)
        if self._left == 0:
            self._end(None)

    def _look(self) -> None:
        if self._own.fileno() < 0:
            return
        if self._left == self._seen:
            self._end(f"nothing for {_PATIENCE:.0f} s")
            return
        self._seen = self._left
        self._loop.after(_PATIENCE, self._look)

    def _end(self, problem: str | None) -> None:
        self._loop.forget(self._own)
        if problem is None:
            self._done(self._body)
        else:
            self._failed(f"HTTP: {problem}")
