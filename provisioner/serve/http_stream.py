"""A client's connection as bytes: plain, or under TLS. Nothing here waits."""

from __future__ import annotations

import contextlib
import os
import socket
import ssl
from typing import Protocol

_MOST_AT_ONCE = 64 * 1024
_TLS_PIECE = 64 * 1024


class Stream(Protocol):
    """`receive` gives None and the sending ones 0 when they would have to wait. Raises OSError once
    the connection is broken."""

    def fileno(self) -> int: ...
    def receive(self) -> bytes | None: ...
    def send(self, content: bytes | memoryview, *, more: bool) -> int: ...
    def send_file(self, file: int, position: int, count: int) -> int: ...
    def end(self) -> None:
        """No more is sent; the client may still speak."""
        ...

    def close(self) -> None: ...


class PlainStream:
    """The kernel copies files: images of hundreds of megabytes go to many machines at once from a
    small computer."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    def fileno(self) -> int:
        return self._connection.fileno()

    def receive(self) -> bytes | None:
        try:
            return self._connection.recv(_MOST_AT_ONCE)
        except BlockingIOError:
            return None

    def send(self, content: bytes | memoryview, *, more: bool) -> int:
        """`more` follows at once: it may share a packet."""
        try:
            return self._connection.send(content, socket.MSG_MORE if more else 0)
        except BlockingIOError:
            return 0

    def send_file(self, file: int, position: int, count: int) -> int:
        """Raises ConnectionError if the file has become shorter."""
        try:
            sent = os.sendfile(self._connection.fileno(), file, position, count)
        except BlockingIOError:
            return 0
        return _some(sent)

    def end(self) -> None:
        self._connection.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        self._connection.close()


class TlsStream:
    """What was once offered to OpenSSL is offered again, byte for byte, until it is taken: so a piece
    of a file is kept."""

    def __init__(self, connection: socket.socket, context: ssl.SSLContext) -> None:
        self._connection = context.wrap_socket(
            connection, server_side=True, do_handshake_on_connect=False
        )
        self._shaken = False
        self._piece = b""

    def fileno(self) -> int:
        return self._connection.fileno()

    def receive(self) -> bytes | None:
        try:
            if not self._shaken:
                self._connection.do_handshake()
                self._shaken = True
            received = self._connection.recv(_MOST_AT_ONCE)
            while received and self._connection.pending():
                received += self._connection.recv(_MOST_AT_ONCE)
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return None
        return received

    def send(self, content: bytes | memoryview, *, more: bool) -> int:
        try:
            return self._connection.send(content)
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return 0

    def send_file(self, file: int, position: int, count: int) -> int:
        """Raises ConnectionError if the file has become shorter."""
        if not self._piece:
            self._piece = os.pread(file, min(count, _TLS_PIECE), position)
            _some(len(self._piece))
        sent = self.send(self._piece, more=False)
        self._piece = self._piece[sent:]
        return sent

    def end(self) -> None:
        if self._shaken:  # before that, OpenSSL refuses to say goodbye
            with contextlib.suppress(ssl.SSLWantReadError, ssl.SSLWantWriteError):
                self._connection.unwrap()
        socket.socket.shutdown(self._connection, socket.SHUT_WR)

    def close(self) -> None:
        self._connection.close()


def _some(count: int) -> int:
    if count == 0:
        raise ConnectionError("the file became shorter while it was sent")
    return count
