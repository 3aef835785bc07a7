"""HTTP/1.1 for machines, on one interface: the listener, and how many may be there at once."""

from __future__ import annotations

import asyncio
import heapq
import socket
import ssl
from collections import Counter
from collections.abc import Callable
from ipaddress import IPv4Address

from provisioner.serve.bound_socket import bound_socket
from provisioner.serve.http_connection import Connection
from provisioner.serve.http_desk import HttpDesk, HttpLimits
from provisioner.serve.http_message import Handler, RequestRefused
from provisioner.serve.http_stream import PlainStream, Stream, TlsStream

_USUAL_LIMITS = HttpLimits()
_ACCEPTED_AT_ONCE = 64
_SHED_AT_ONCE = 64
_SWEPT_EVERY = 1.0
_AFTER_A_FAILED_ACCEPT = 0.1
"""Seconds."""


class HttpServer:
    """Serves one interface. `answer` is never cancelled by a client that goes away; `clock` gives
    epoch seconds; `on_event` hears of requests that can't be read. With `tls` it is HTTPS that is
    spoken."""

    def __init__(
        self,
        *,
        interface: str,
        address: IPv4Address,
        port: int,
        answer: Handler,
        clock: Callable[[], float],
        on_event: Callable[[RequestRefused], None],
        tls: ssl.SSLContext | None = None,
        limits: HttpLimits = _USUAL_LIMITS,
    ) -> None:
        self._interface = interface
        self._address = address
        self._port = port
        self._answer = answer
        self._clock = clock
        self._on_event = on_event
        self._tls = tls
        self._limits = limits
        self._listener: socket.socket | None = None
        self._resting: asyncio.TimerHandle | None = None
        self._connections: set[Connection] = set()
        self._of_peer: Counter[IPv4Address] = Counter()

    def bind(self) -> None:
        """Open the socket, on the interface only. Raises SocketNotBound or InterfaceMissing."""
        service = "HTTP" if self._tls is None else "HTTPS"
        self._listener = bound_socket(
            socket.SOCK_STREAM, self._interface, self._address, self._port, service
        )

    async def serve(self) -> None:
        """Answer until cancelled. `bind` comes first."""
        listener = self._listener
        assert listener is not None, "bind() comes first"
        loop = asyncio.get_running_loop()
        async with asyncio.TaskGroup() as tasks:
            desk = HttpDesk(
                self._answer, self._clock, tasks.create_task, self._on_event, self._limits
            )
            desk.turns.begin()
            loop.add_reader(listener, self._accept, listener, desk)
            try:
                while True:
                    await asyncio.sleep(_SWEPT_EVERY)
                    self._sweep(loop.time())
            finally:
                self._stop(listener)
                desk.close()

    def _stop(self, listener: socket.socket) -> None:
        if self._resting is not None:
            self._resting.cancel()
        asyncio.get_running_loop().remove_reader(listener)
        for connection in tuple(self._connections):
            connection.close()

    def close(self) -> None:
        """Close the socket; harmless when not bound."""
        if self._listener is not None:
            self._listener.close()
            self._listener = None

    def _accept(self, listener: socket.socket, desk: HttpDesk) -> None:
        if len(self._connections) >= self._limits.connections and not self._shed():
            self._rest(listener, desk)
            return
        for _ in range(_ACCEPTED_AT_ONCE):
            if len(self._connections) >= self._limits.connections:
                return
            try:
                connection, (peer, _) = listener.accept()
            except (BlockingIOError, ConnectionError, InterruptedError):
                return
            except OSError:  # this process has no descriptor left, or the kernel no memory
                self._shed()
                self._rest(listener, desk)
                return
            self._admit(connection, IPv4Address(peer), desk)

    def _admit(self, connection: socket.socket, peer: IPv4Address, desk: HttpDesk) -> None:
        if self._of_peer[peer] >= self._limits.of_one_peer:
            connection.close()
            return
        try:
            connection.setblocking(False)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            reached = IPv4Address(connection.getsockname()[0])
            stream: Stream = PlainStream(connection)
            if self._tls is not None:
                stream = TlsStream(connection, self._tls)
            admitted = Connection(stream, peer, reached, desk, self._closed)
        except OSError:  # it has gone already, or the kernel can't watch one more
            connection.close()
            return
        self._of_peer[peer] += 1
        self._connections.add(admitted)

    def _closed(self, connection: Connection) -> None:
        self._connections.discard(connection)
        self._of_peer[connection.peer] -= 1
        if not self._of_peer[connection.peer]:
            del self._of_peer[connection.peer]

    def _rest(self, listener: socket.socket, desk: HttpDesk) -> None:
        """Those who wait are heard in a moment; the kernel keeps them."""
        loop = asyncio.get_running_loop()
        loop.remove_reader(listener)
        again = (listener, self._accept, listener, desk)
        self._resting = loop.call_later(_AFTER_A_FAILED_ACCEPT, loop.add_reader, *again)

    def _shed(self) -> bool:
        """Let those go who have made us wait the longest, so that nobody is kept out by connections
        that are only held. Whether there was one."""
        latest = asyncio.get_running_loop().time() - self._limits.grace
        waiting = (
            one for one in self._connections if one.waits_for_client and one.waits_since <= latest
        )
        oldest = heapq.nsmallest(_SHED_AT_ONCE, waiting, key=lambda one: one.waits_since)
        for connection in oldest:
            connection.close()
        return bool(oldest)

    def _sweep(self, now: float) -> None:
        for connection in tuple(self._connections):
            if connection.deadline <= now:
                connection.time_out()
        self._require_memory()

    def _require_memory(self) -> None:
        """Requests that never become complete fill no memory: those that hold the most are let go."""
        held = sum(one.held for one in self._connections)
        if held <= self._limits.held:
            return
        for connection in sorted(self._connections, key=lambda one: one.held, reverse=True):
            held -= connection.held
            connection.close()
            if held <= self._limits.held:
                return
