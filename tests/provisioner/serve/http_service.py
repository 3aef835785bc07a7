"""An HttpServer on loopback in a thread of its own, and ways to speak to it."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import os
import socket
import ssl
import threading
from collections.abc import Awaitable, Callable
from ipaddress import IPv4Address

from provisioner.serve.http_desk import HttpLimits
from provisioner.serve.http_message import Handler, Reply, RequestRefused
from provisioner.serve.http_server import HttpServer

LOOPBACK = IPv4Address("127.0.0.1")
PORT = 20_000 + os.getpid() % 10_000  # test runs go on side by side
NOW = 1_700_000_000.0
USUAL = HttpLimits()


def server_of(
    answer: Handler,
    limits: HttpLimits = USUAL,
    tls: ssl.SSLContext | None = None,
    on_event: Callable[[RequestRefused], None] = lambda _: None,
) -> HttpServer:
    return HttpServer(
        interface="lo",
        address=LOOPBACK,
        port=PORT,
        answer=answer,
        clock=lambda: NOW,
        on_event=on_event,
        tls=tls,
        limits=limits,
    )


class Running:
    """The server in a thread of its own, until the block ends."""

    def __init__(self, server: HttpServer) -> None:
        self._server = server
        self._loop = asyncio.new_event_loop()

    def __enter__(self) -> Running:
        self._server.bind()
        self._task = self._loop.create_task(self._server.serve())
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        self.look_around()
        return self

    def look_around(self) -> None:
        """Returns when its loop has looked at all its sockets since, and done what came of it."""

        async def rounds() -> None:
            for _ in range(5):
                await asyncio.sleep(0)

        self.do(rounds())

    def do(self, something: Awaitable[None]) -> None:
        """In its loop, to the end."""

        async def done() -> None:
            await something

        asyncio.run_coroutine_threadsafe(done(), self._loop).result(30)

    def _run(self) -> None:
        with contextlib.suppress(asyncio.CancelledError):
            self._loop.run_until_complete(self._task)

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join()
        self._server.close()
        self._loop.close()


def ask(
    method: str, path: str, body: bytes | None = None, **headers: str
) -> tuple[int, bytes, dict[str, str]]:
    connection = http.client.HTTPConnection(str(LOOPBACK), PORT, timeout=10)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, named)
        response = connection.getresponse()
        return response.status, response.read(), dict(response.getheaders())
    finally:
        connection.close()


def connected(source: str = "127.0.0.1") -> socket.socket:
    return socket.create_connection((str(LOOPBACK), PORT), 10, (source, 0))


def raw(content: bytes, *, ends: bool = True) -> bytes:
    """All that the server says to these bytes, until it ends the connection."""
    with connected() as connection:
        connection.sendall(content)
        if ends:
            connection.shutdown(socket.SHUT_WR)
        return rest_of(connection)


def rest_of(connection: socket.socket) -> bytes:
    received = b""
    while more := connection.recv(65_536):
        received += more
    return received


def hello(_: object) -> Reply:
    return Reply(200, b"hello")
