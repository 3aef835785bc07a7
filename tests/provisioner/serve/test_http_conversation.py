"""One connection, by hand over a socket pair; the whole server is in test_http_server.py."""

from __future__ import annotations

import asyncio
import socket
from ipaddress import IPv4Address

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provisioner.serve.faults import Faults
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
            talking = Conversation(server, LOOPBACK, answer, lambda: 0.0, Faults())
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


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"HEAD /a HTTP/1.1\r\nHost: x\r\n\r\n", b"200"),
        (b"HEAD nopath HTTP/1.1\r\nHost: x\r\n\r\n", b"400"),
        (b"HEAD / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", b"400"),
        (
            b"HEAD / HTTP/1.1\r\nHost: x\r\nContent-Length: 300000\r\n\r\n" + bytes(300_000),
            b"413",
        ),
    ],
)
def test_no_answer_to_a_head_has_a_body(sent: bytes, status: bytes) -> None:
    received = conversation(sent)
    assert received.startswith(b"HTTP/1.1 " + status), received
    assert received.endswith(b"\r\n\r\n")
    assert received.count(b"\r\n\r\n") == 1


def test_the_answer_after_one_to_a_head_has_a_body_again() -> None:
    received = conversation(b"HEAD /a HTTP/1.1\r\nHost: x\r\n\r\nnonsense\r\n\r\n")
    assert received.count(b"HTTP/1.1 ") == 2
    assert received.endswith(b"illegal request line: bytearray(b'nonsense')\n")


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(["GET", "HEAD", "POST", "CONNECT", "OPTIONS", "x"]),
    st.sampled_from(["/a", "nopath", "*", "http://[", "x:1", "/\x7f"]),
    st.sampled_from(["1.1", "1.0", "2.0"]),
    st.lists(
        st.sampled_from(
            [
                "Host: x",
                "Connection: close",
                "Connection: Upgrade",
                "Content-Length: 3",
                "Content-Length: 4",
                "Expect: 100-continue",
                "Transfer-Encoding: chunked",
                "Upgrade: h2c",
                "Range: bytes=0-",
            ]
        ),
        max_size=4,
    ),
    st.sampled_from([b"", b"abc", b"abcd", b"3\r\nabc\r\n0\r\n\r\n", b"zz\r\n", b"\0\xff"]),
)
def test_no_request_at_all_breaks_the_conversation(
    method: str, target: str, version: str, headers: list[str], body: bytes
) -> None:
    head = "\r\n".join([f"{method} {target} HTTP/{version}", *headers, "", ""])
    conversation((head.encode() + body) * 2)
