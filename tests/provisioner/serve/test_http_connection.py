"""One connection on loopback, by hand; files and their parts are in test_http_files.py."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Awaitable, Iterator

import h11
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provisioner.serve.http_message import Answer, Reply, Request, RequestRefused
from tests.provisioner.serve.http_service import (
    LOOPBACK,
    Running,
    ask,
    connected,
    hello,
    raw,
    rest_of,
    server_of,
)

pytestmark = pytest.mark.protocol

HEAD = (
    b"HTTP/1.1 200 OK\r\n"
    b"Date: Tue, 14 Nov 2023 22:13:20 GMT\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\n"
)


@pytest.fixture
def asked() -> Iterator[list[Request]]:
    """The requests that were answered."""
    heard: list[Request] = []

    def answer(request: Request) -> Answer | Awaitable[Answer]:
        heard.append(request)
        words = f"{request.method} {request.path} {len(request.body)}".encode()
        if request.path == "/bug":
            raise RuntimeError("a bug")
        if request.path == "/impossible":
            return Reply(200, headers=(("No\nHeader", ""),))
        if request.path == "/slow":
            return slowly(words)
        if request.path == "/slow-bug":
            return slowly(None)
        if request.path == "/large":
            return Reply(200, bytes(5_000_000))
        return Reply(200, words)

    with Running(server_of(answer)):
        yield heard


async def slowly(words: bytes | None) -> Answer:
    await asyncio.sleep(0.05)
    if words is None:
        raise RuntimeError("a slow bug")
    return Reply(200, words)


def whole(words: bytes, head: bytes = HEAD) -> bytes:
    return head + b"Content-Length: %d\r\nCache-Control: no-store\r\n\r\n%b" % (len(words), words)


def test_a_request_is_read_and_answered(asked: list[Request]) -> None:
    status, body, _ = ask("POST", "/a%20b?mac=52-54&x=%26", b"said", X_Own="1")
    assert (status, body) == (200, b"POST /a b 4")
    (request,) = asked
    assert (request.path, request.query) == ("/a b", {"mac": "52-54", "x": "&"})
    assert (request.peer, request.reached) == (LOOPBACK, LOOPBACK)
    assert request.headers["x-own"] == "1"


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("path", [b"/a", b"/slow"])
def test_requests_sent_at_once_are_answered_in_turn(path: bytes) -> None:
    get = b"GET %b HTTP/1.1\r\nHost: x\r\n\r\n" % path
    post = b"POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
    received = raw(get + post + get)
    assert received == whole(b"GET %b 0" % path) + whole(b"POST /b 3") + whole(b"GET %b 0" % path)


@pytest.mark.usefixtures("asked")
def test_hundreds_of_requests_at_once_are_answered_in_turn() -> None:
    sent = b"".join(b"GET /%d HTTP/1.1\r\nHost: x\r\n\r\n" % number for number in range(3000))
    assert raw(sent) == b"".join(whole(b"GET /%d 0" % number) for number in range(3000))


@pytest.mark.usefixtures("asked")
def test_what_follows_a_slow_answer_waits_for_it() -> None:
    with connected() as connection:
        connection.sendall(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
        time.sleep(0.01)
        connection.sendall(b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n")
        connection.shutdown(socket.SHUT_WR)
        assert rest_of(connection) == whole(b"GET /slow 0") + whole(b"GET /a 0")


@pytest.mark.usefixtures("asked")
def test_an_answer_that_the_kernel_does_not_take_at_once() -> None:
    received = raw(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\nGET /a HTTP/1.1\r\nHost: x\r\n\r\n")
    assert received == whole(bytes(5_000_000)) + whole(b"GET /a 0")


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize(
    ("head", "connection"),
    [
        (b"GET /a HTTP/1.0\r\n\r\n", b"Connection: close"),
        (b"GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", b"Connection: close"),
        (b"GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", b"Connection: keep-alive"),
    ],
)
def test_old_clients_are_told_what_becomes_of_the_connection(
    head: bytes, connection: bytes
) -> None:
    received = raw(head * 2, ends=connection == b"Connection: keep-alive")
    assert received.count(connection) == received.count(b"GET /a 0")
    assert received.count(connection) == (2 if b"keep-alive" in connection else 1)


@pytest.mark.usefixtures("asked")
def test_a_client_that_waits_for_leave_to_send_gets_it() -> None:
    with connected() as connection:
        head = b"POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n"
        connection.sendall(head)
        assert connection.recv(65_536) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"abc")
        assert connection.recv(65_536) == whole(b"POST /b 3")


@pytest.mark.usefixtures("asked")
def test_silence_is_no_request() -> None:
    assert raw(b"") == b""
    assert raw(b"\r\n") == b""


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"nonsense\r\n\r\n", b"400"),
        (b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03", b"400"),  # a TLS client
        (b"GET / HTTP/1.1\r\n\r\n", b"400"),  # no Host
        (b"GET / HTTP/1.1\r\nHost: a\nX: y\n\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n", b"400"),
        (b"GET /" + b"x" * 70_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", b"431"),
        (b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: y\r\n" * 200 + b"\r\n", b"431"),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nHost: a\r\n" + b"Content-Length: 3\r\n" * 2 + b"\r\nabc", b"400"),
        (
            b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"
            b"5c\r\nGET /x HTTP/1.1\r\nHost: a\r\n\r\n0\r\n\r\n",
            b"400",
        ),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 300000\r\n\r\n" + bytes(300_000), b"413"),
        (
            b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabc\r\n0\r\n\r\n",
            b"400",
        ),
        (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: nonsense\r\n\r\n", b"501"),
        (b"GET http://[ HTTP/1.1\r\nHost: a\r\n\r\n", b"400"),
        (b"GET nopath HTTP/1.1\r\nHost: a\r\n\r\n", b"400"),
        (b"GET /?" + b"a&" * 60 + b" HTTP/1.1\r\nHost: a\r\n\r\n", b"400"),
        (b"GET / HTTP/2.0\r\nHost: a\r\n\r\n", b"505"),
    ],
)
def test_a_malformed_request_is_answered_and_is_the_last(sent: bytes, status: bytes) -> None:
    """Also where the client goes on talking: what it was told isn't lost in a reset."""
    with connected() as connection:
        connection.sendall(sent + b"GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n")
        received = rest_of(connection)
    assert received.startswith(b"HTTP/1.1 " + status), received[:200]
    assert b"Connection: close" in received
    assert received.count(b"HTTP/1.1 ") == 1
    assert ask("GET", "/")[0] == 200


@pytest.mark.usefixtures("asked")
def test_a_request_that_stops_in_the_middle() -> None:
    assert raw(b"GET / HTTP/1.1\r\nHost").startswith(b"HTTP/1.1 400")
    assert raw(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nab")[:12] == b"HTTP/1.1 400"


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"HEAD /a HTTP/1.1\r\nHost: x\r\n\r\n", b"200"),
        (b"HEAD / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", b"400"),
        (b"HEAD / HTTP/1.1\r\nHost: x\r\nContent-Length: 300000\r\n\r\n", b"413"),
    ],
)
def test_no_answer_to_a_head_has_a_body(sent: bytes, status: bytes) -> None:
    received = raw(sent)
    assert received.startswith(b"HTTP/1.1 " + status), received
    assert received.endswith(b"\r\n\r\n")
    assert received.count(b"\r\n\r\n") == 1


@pytest.mark.usefixtures("asked")
def test_the_answer_after_one_to_a_head_has_a_body_again() -> None:
    received = raw(b"HEAD /a HTTP/1.1\r\nHost: x\r\n\r\nnonsense\r\n\r\n")
    assert received.count(b"HTTP/1.1 ") == 2
    assert received.endswith(b"the request line is none\n")


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("path", ["/bug", "/slow-bug"])
def test_a_bug_costs_one_answer(path: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert ask("GET", path)[0] == 500
    assert ask("GET", "/")[0] == 200
    assert "bug" in capfd.readouterr().err


@pytest.mark.usefixtures("asked")
def test_a_bug_behind_an_answer_costs_one_connection(capfd: pytest.CaptureFixture[str]) -> None:
    assert raw(b"GET /impossible HTTP/1.1\r\nHost: a\r\n\r\n") == b""
    assert ask("GET", "/")[0] == 200
    assert "several lines" in capfd.readouterr().err


def test_what_could_not_be_read_is_told_without_what_may_be_secret() -> None:
    told: list[RequestRefused] = []
    with Running(server_of(hello, on_event=told.append)):
        raw(b"nonsense\r\n\r\n")
        raw(b"POST /first-boot/secret HTTP/1.1\r\nHost: a\r\nContent-Length: 300000\r\n\r\n")
        raw(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    assert told == [
        RequestRefused(LOOPBACK, 400, "", "the request line is none"),
        RequestRefused(LOOPBACK, 413, "first-boot", "more than 262144 bytes"),
    ]


def test_no_request_at_all_breaks_the_connection() -> None:
    methods = st.sampled_from(["GET", "HEAD", "POST", "CONNECT", "OPTIONS", "x"])
    targets = st.sampled_from(["/a", "nopath", "*", "http://[", "x:1", "/\x7f"])
    fields = st.sampled_from(
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
    )
    bodies = st.sampled_from([b"", b"abc", b"abcd", b"3\r\nabc\r\n0\r\n\r\n", b"zz\r\n", b"\0\xff"])

    @settings(max_examples=100, deadline=None)
    @given(methods, targets, st.sampled_from(["1.1", "1.0"]), st.lists(fields, max_size=4), bodies)
    def each(method: str, target: str, version: str, lines: list[str], body: bytes) -> None:
        head = "\r\n".join([f"{method} {target} HTTP/{version}", *lines, "", ""])
        require_readable(method, raw(head.encode() + body))

    with Running(server_of(hello)):
        each()


def require_readable(method: str, received: bytes) -> None:
    """By an independent client, to the last byte; what follows the first answer is of no HEAD."""
    method = "HEAD" if method == "HEAD" else "GET"
    while received:
        client = h11.Connection(h11.CLIENT)
        client.send(h11.Request(method=method, target="/", headers=[("Host", "a")]))
        client.send(h11.EndOfMessage())
        client.receive_data(received)
        client.receive_data(b"")
        while not isinstance(event := client.next_event(), h11.EndOfMessage):
            assert event not in (h11.NEED_DATA, h11.PAUSED), received
        received, method = client.trailing_data[0], "GET"
