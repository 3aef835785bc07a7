"""The HTTP server on loopback, judged by the standard library's client, curl and raw bytes."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import resource
import socket
import threading
from collections.abc import Callable, Iterator
from email.utils import parsedate_to_datetime
from ipaddress import IPv4Address
from pathlib import Path

import pytest

from provisioner.serve.errors import SocketNotBound
from provisioner.serve.http_message import Answer, FileReply, Reply, Request
from provisioner.serve.http_server import HttpServer

pytestmark = pytest.mark.protocol

LOOPBACK = IPv4Address("127.0.0.1")
PORT = 18_080
CONTENT = bytes(range(256)) * 5000
NOW = 1_700_000_000.0


@pytest.fixture
def content(tmp_path: Path) -> Path:
    path = tmp_path / "image"
    path.write_bytes(CONTENT)
    return path


@pytest.fixture
def served(content: Path) -> Iterator[list[Request]]:
    """The requests that were answered."""
    asked: list[Request] = []

    async def answer(request: Request) -> Answer:
        asked.append(request)
        if request.path == "/bug":
            raise RuntimeError("a bug")
        if request.path == "/impossible":
            return Reply(200, headers=(("No\nHeader", ""),))
        if request.path == "/file":
            return FileReply(content, "tag")
        if request.path == "/gone":
            return FileReply(content.with_name("gone"), "tag")
        return Reply(200, request.body or b"hello")

    with Running(answer):
        yield asked


class Running:
    """The server in a thread of its own, until the block ends."""

    def __init__(self, answer: Callable[[Request], object]) -> None:
        self._server = HttpServer(
            interface="lo",
            address=LOOPBACK,
            port=PORT,
            answer=answer,  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
            clock=lambda: NOW,
        )
        self._loop = asyncio.new_event_loop()

    def __enter__(self) -> Running:
        self._server.bind()
        self._task = self._loop.create_task(self._server.serve())
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        return self

    def look_around(self) -> None:
        """Returns when its loop has looked at all its sockets since, and done what came of it."""

        async def rounds() -> None:
            for _ in range(5):
                await asyncio.sleep(0)

        asyncio.run_coroutine_threadsafe(rounds(), self._loop).result(10)

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
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=10)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, named)
        response = connection.getresponse()
        return response.status, response.read(), dict(response.getheaders())
    finally:
        connection.close()


def raw(content: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", PORT), timeout=10) as connection:
        connection.sendall(content)
        connection.shutdown(socket.SHUT_WR)
        received = b""
        while more := connection.recv(65_536):
            received += more
        return received


def test_a_request_is_read_and_answered(served: list[Request]) -> None:
    status, body, headers = ask("POST", "/a%20b?mac=52-54&x=%26", b"said", X_Own="1")
    assert (status, body) == (200, b"said")
    assert parsedate_to_datetime(headers["Date"]).timestamp() == NOW
    (request,) = served
    assert (request.method, request.path, request.query) == (
        "POST",
        "/a b",
        {"mac": "52-54", "x": "&"},
    )
    assert (request.peer, request.reached) == (LOOPBACK, LOOPBACK)
    assert request.headers["x-own"] == "1"


@pytest.mark.usefixtures("served")
def test_a_file_whole() -> None:
    status, body, headers = ask("GET", "/file")
    assert (status, body) == (200, CONTENT)
    assert headers["Content-Length"] == str(len(CONTENT))
    assert (headers["Accept-Ranges"], headers["ETag"]) == ("bytes", '"tag"')


@pytest.mark.usefixtures("served")
def test_a_file_is_only_described_by_head() -> None:
    status, body, headers = ask("HEAD", "/file")
    assert (status, body, headers["Content-Length"]) == (200, b"", str(len(CONTENT)))


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize(
    ("wanted", "first", "last"),
    [("bytes=0-0", 0, 0), ("bytes=1000-", 1000, len(CONTENT) - 1), ("bytes=-7", -7, None)],
)
def test_a_file_in_part(wanted: str, first: int, last: int | None) -> None:
    status, body, headers = ask("GET", "/file", Range=wanted)
    assert (status, body) == (206, CONTENT[first : None if last is None else last + 1])
    assert headers["Content-Range"].endswith(f"/{len(CONTENT)}")


@pytest.mark.usefixtures("served")
def test_ranges_that_cannot_be() -> None:
    status, _, headers = ask("GET", "/file", Range=f"bytes={len(CONTENT)}-")
    assert (status, headers["Content-Range"]) == (416, f"bytes */{len(CONTENT)}")
    assert ask("GET", "/file", Range="bytes=5-1,7-9")[0] == 200
    assert ask("GET", "/file", Range="bytes=0-1", If_Range='"another"')[0] == 200
    assert ask("GET", "/file", Range="bytes=0-1", If_Range='"tag"')[0] == 206


@pytest.mark.usefixtures("served")
def test_a_file_that_is_gone_is_to_be_asked_for_again() -> None:
    assert ask("GET", "/gone")[0] == 503


def test_one_connection_carries_many_requests(served: list[Request]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=10)
    for _ in range(3):
        connection.request("GET", "/file")
        assert connection.getresponse().read() == CONTENT
        connection.request("GET", "/x")
        assert connection.getresponse().read() == b"hello"
    connection.close()
    assert len(served) == 6


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"nonsense\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\n\r\n", b"400"),  # no Host
        (b"GET /" + b"x" * 70_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", b"431"),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 300000\r\n\r\n" + bytes(300_000), b"413"),
        (b"GET http://[ HTTP/1.1\r\nHost: a\r\n\r\n", b"400"),
        (b"GET nopath HTTP/1.1\r\nHost: a\r\n\r\n", b"400"),
        (b"GET /?" + b"a&" * 60 + b" HTTP/1.1\r\nHost: a\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: nonsense\r\n\r\n", b"501"),
    ],
)
def test_malformed_requests_get_a_4xx(sent: bytes, status: bytes) -> None:
    received = raw(sent)
    assert received.startswith(b"HTTP/1.1 " + status), received[:200]
    assert ask("GET", "/")[0] == 200


@pytest.mark.usefixtures("served")
def test_clients_that_go_away_harm_nobody() -> None:
    for _ in range(5):
        connection = socket.create_connection(("127.0.0.1", PORT))
        connection.sendall(b"GET /file HTTP/1.1\r\nHost: a\r\n\r\n")
        connection.recv(100)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        connection.close()
    assert raw(b"") == b""
    assert ask("GET", "/")[0] == 200


def answered() -> bool:
    try:
        return ask("GET", "/")[0] == 200
    except (ConnectionError, http.client.RemoteDisconnected):
        return False


@pytest.mark.usefixtures("served")
def test_one_peer_cannot_have_every_connection() -> None:
    with contextlib.ExitStack() as held:
        for _ in range(32):
            held.enter_context(socket.create_connection(("127.0.0.1", PORT)))
        assert not answered()
    while not answered():
        pass


@pytest.mark.usefixtures("served")
def test_a_bug_costs_one_answer(capfd: pytest.CaptureFixture[str]) -> None:
    assert ask("GET", "/bug")[0] == 500
    assert ask("GET", "/")[0] == 200
    assert "RuntimeError: a bug" in capfd.readouterr().err


@pytest.mark.usefixtures("served")
def test_a_bug_behind_an_answer_costs_one_connection(capfd: pytest.CaptureFixture[str]) -> None:
    assert raw(b"GET /impossible HTTP/1.1\r\nHost: a\r\n\r\n") == b""
    assert ask("GET", "/")[0] == 200
    assert "LocalProtocolError" in capfd.readouterr().err


def test_a_shortage_of_descriptors_passes() -> None:
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    with Running(lambda _: asyncio.sleep(0, Reply(200))) as server, socket.socket() as client:
        client.settimeout(10)
        resource.setrlimit(resource.RLIMIT_NOFILE, (3, limits[1]))
        try:
            client.connect(("127.0.0.1", PORT))
            server.look_around()
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, limits)
        client.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        assert client.recv(65_536).startswith(b"HTTP/1.1 200")


@pytest.mark.usefixtures("served")
def test_a_second_server_is_refused() -> None:
    second = HttpServer(
        interface="lo",
        address=LOOPBACK,
        port=PORT,
        answer=lambda _: asyncio.sleep(0, Reply(200)),
        clock=lambda: NOW,
    )
    with pytest.raises(SocketNotBound):
        second.bind()
