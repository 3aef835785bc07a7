"""Who keeps the server waiting is let go; who waits for it is not."""

from __future__ import annotations

import asyncio
import contextlib
import socket

import pytest

from provisioner.serve.http_desk import HttpLimits
from provisioner.serve.http_message import Answer, Reply, Request
from tests.provisioner.serve.http_service import (
    Running,
    ask,
    connected,
    hello,
    rest_of,
    server_of,
)

pytestmark = pytest.mark.protocol

IMPATIENT = HttpLimits(idle=0.2, request=0.3, stall=0.3, linger=0.1)


def test_who_keeps_us_waiting_is_let_go() -> None:
    """Slow loris: silent, dripping a head, dripping a body, or not reading."""
    head = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n"

    def answer(_: Request) -> Answer:
        return Reply(200, bytes(20_000_000))

    with Running(server_of(answer, IMPATIENT)), contextlib.ExitStack() as held:
        silent, dripping, stuck, deaf = (held.enter_context(connected()) for _ in range(4))
        stuck.sendall(head + b"abc")
        deaf.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        received = drip(dripping, head)
        assert received.startswith(b"HTTP/1.1 408 Request Timeout\r\n")
        assert rest_of(stuck).startswith(b"HTTP/1.1 408 Request Timeout\r\n")
        assert rest_of(silent) == b""
        with contextlib.suppress(ConnectionResetError):
            assert len(rest_of(deaf)) < 20_000_000


def drip(connection: socket.socket, content: bytes) -> bytes:
    """Byte by byte, until we are told something."""
    connection.settimeout(0.05)
    for each in content * 100:
        with contextlib.suppress(TimeoutError):
            connection.sendall(bytes((each,)))
            return connection.recv(65_536)
    return b""


def test_who_waits_for_us_is_not_let_go() -> None:
    async def answered() -> Answer:
        await asyncio.sleep(2)
        return Reply(200, b"at last")

    with Running(server_of(lambda _: answered(), IMPATIENT)):
        assert ask("GET", "/")[1] == b"at last"


def test_requests_that_never_become_complete_fill_no_memory() -> None:
    """Those that hold the most are let go, whoever they are of; the others go on."""
    head = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n"
    with Running(server_of(hello, HttpLimits(held=500_000))), contextlib.ExitStack() as held:
        small, *large = (held.enter_context(connected()) for _ in range(6))
        small.sendall(head + bytes(1000))
        for each in large:
            each.sendall(head + bytes(150_000))
        gone = [each for each in large if rest_within(each, 3)]
        assert 0 < len(gone) < 5
        small.sendall(bytes(199_000))
        assert small.recv(65_536).startswith(b"HTTP/1.1 200")


def rest_within(connection: socket.socket, seconds: float) -> bool:
    """Whether it was closed."""
    connection.settimeout(seconds)
    try:
        return connection.recv(1) == b""
    except ConnectionResetError:
        return True
    except TimeoutError:
        return False
