"""One connection, by hand over a socket pair; the whole server is in test_http_server.py."""

from __future__ import annotations

import asyncio
import socket
from ipaddress import IPv4Address

import pytest

from provisioner.serve.http_conversation import Conversation
from provisioner.serve.http_message import Answer, Reply, Request

pytestmark = pytest.mark.protocol

LOOPBACK = IPv4Address("127.0.0.1")


def conversation(sent: bytes) -> bytes:
    """What the server says to a client that sends this and then is silent."""

    async def answer(request: Request) -> Answer:
        return Reply(200, f"{request.method} {request.path} {len(request.body)}".encode())

    async def talk() -> bytes:
        loop = asyncio.get_running_loop()
        listener = socket.create_server(("127.0.0.1", 0))
        client = socket.create_connection(listener.getsockname())
        server, _ = listener.accept()
        server.setblocking(False)
        client.setblocking(False)
        with listener, client, server:
            await loop.sock_sendall(client, sent)
            client.shutdown(socket.SHUT_WR)
            talking = Conversation(server, LOOPBACK, answer, lambda: 0.0)
            await talking.go_on()
            await talking.linger()
            server.close()
            received = b""
            while more := await loop.sock_recv(client, 65_536):
                received += more
            return received

    return asyncio.run(talk())


def test_requests_sent_at_once_are_answered_in_turn() -> None:
    received = conversation(
        b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n"
        b"POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
    )
    head = (
        b"HTTP/1.1 200 \r\n"
        b"Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n"
        b"Content-Type: text/plain; charset=utf-8\r\n"
    )
    assert received == (
        head + b"Content-Length: 8\r\n\r\nGET /a 0" + head + b"Content-Length: 9\r\n\r\nPOST /b 3"
    )


def test_an_old_client_is_answered_and_let_go() -> None:
    received = conversation(b"GET /a HTTP/1.0\r\n\r\n")
    assert received.endswith(b"\r\n\r\nGET /a 0")
    assert b"Connection: close" in received


def test_a_client_that_waits_for_leave_to_send_gets_it() -> None:
    received = conversation(
        b"POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\nabc"
    )
    assert b"POST /b 3" in received


def test_silence_is_no_request() -> None:
    assert conversation(b"") == b""
