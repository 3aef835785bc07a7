"""The listener on loopback: who is let in, and what that costs the others."""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import os
import resource
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from provisioner.serve.errors import SocketNotBound
from provisioner.serve.http_desk import HttpLimits
from provisioner.serve.http_message import FileReply, Reply, RequestRefused
from tests.provisioner.serve.http_service import (
    LOOPBACK,
    PORT,
    Running,
    ask,
    connected,
    hello,
    raw,
    server_of,
)
from tests.provisioner.serve.tls import tls_pair

pytestmark = pytest.mark.protocol

REQUEST = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"


@pytest.fixture
def every_descriptor() -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = max(20_000, before[1])
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_a_thousand_machines_behind_one_address_are_answered(every_descriptor: None) -> None:
    with Running(server_of(hello)), contextlib.ExitStack() as held:
        clients = [held.enter_context(connected()) for _ in range(1500)]
        for client in clients:
            client.sendall(REQUEST)
        for client in clients:
            assert client.recv(65_536).endswith(b"hello")


def test_8192_connections_are_served_at_once(every_descriptor: None) -> None:
    """From eight addresses, all of them loopback's."""
    with Running(server_of(hello)), contextlib.ExitStack() as held:
        clients = [held.enter_context(connected(f"127.0.3.{number % 8}")) for number in range(8192)]
        for client in (*clients[:8], *clients[-8:]):
            client.sendall(REQUEST)
            assert client.recv(65_536).endswith(b"hello")


def test_one_peer_cannot_have_every_connection() -> None:
    with Running(server_of(hello, HttpLimits(of_one_peer=3))):
        with contextlib.ExitStack() as held:
            clients = [held.enter_context(connected()) for _ in range(4)]
            assert clients[3].recv(1) == b""
            clients[2].sendall(REQUEST)
            assert clients[2].recv(65_536).endswith(b"hello")
        while not answered():
            pass


def answered() -> bool:
    try:
        return ask("GET", "/")[0] == 200
    except (ConnectionError, http.client.RemoteDisconnected):
        return False


def test_connections_that_are_only_held_make_room_for_others() -> None:
    with (
        Running(server_of(hello, HttpLimits(connections=100, grace=0))),
        contextlib.ExitStack() as held,
    ):
        silent = [held.enter_context(connected()) for _ in range(100)]
        assert ask("GET", "/")[1] == b"hello"
        assert silent[0].recv(1) == b""  # the oldest
        silent[-1].sendall(REQUEST)
        assert silent[-1].recv(65_536).endswith(b"hello")


def test_who_is_being_answered_makes_no_room(tmp_path: Path) -> None:
    image = tmp_path / "image"
    image.write_bytes(bytes(8_000_000))
    server = server_of(lambda _: FileReply(image), HttpLimits(connections=2))
    with Running(server) as running, contextlib.ExitStack() as held:
        clients = [held.enter_context(connected()) for _ in range(3)]
        for client in clients:
            client.sendall(REQUEST)
        running.look_around()
        received = [received_of(client, 8_000_000) for client in clients]
        assert received == [8_000_000] * 3


def received_of(client: socket.socket, size: int) -> int:
    """Bytes after the head; then it is closed."""
    data = client.recv(65_536)
    count = len(data.partition(b"\r\n\r\n")[2])
    while count < size and (data := client.recv(1_000_000)):
        count += len(data)
    client.close()
    return count


def test_a_shortage_of_descriptors_passes() -> None:
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    with Running(server_of(hello)) as running, socket.socket() as client:
        client.settimeout(10)
        resource.setrlimit(resource.RLIMIT_NOFILE, (3, limits[1]))
        try:
            client.connect((str(LOOPBACK), PORT))
            running.look_around()
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, limits)
        client.sendall(REQUEST)
        assert client.recv(65_536).startswith(b"HTTP/1.1 200")


def test_clients_that_go_away_harm_nobody(tmp_path: Path) -> None:
    image = tmp_path / "image"
    image.write_bytes(bytes(8_000_000))
    with Running(server_of(lambda _: FileReply(image))):
        for _ in range(5):
            connection = connected()
            connection.sendall(REQUEST)
            connection.recv(100)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            connection.close()
        assert raw(b"") == b""
        assert ask("HEAD", "/")[0] == 200


def test_the_same_handler_speaks_tls(tmp_path: Path) -> None:
    """The kernel can't copy there; parts, big files and pipelining are as without."""
    image = tmp_path / "image"
    content = bytes(range(256)) * 20_000
    image.write_bytes(content)
    served, trusting = tls_pair(tmp_path)
    with Running(server_of(lambda _: FileReply(image, "tag"), tls=served)):
        client = http.client.HTTPSConnection(str(LOOPBACK), PORT, timeout=10, context=trusting)
        client.request("GET", "/image")
        assert client.getresponse().read() == content
        client.request("GET", "/image", headers={"Range": "bytes=5-9"})
        response = client.getresponse()
        assert (response.status, response.read()) == (206, content[5:10])
        client.close()
        with contextlib.suppress(OSError):  # plain HTTP where TLS is spoken
            assert not raw(REQUEST).startswith(b"HTTP")
        client.request("HEAD", "/image")
        assert client.getresponse().getheader("Content-Length") == str(len(content))
        client.close()


@pytest.mark.parametrize("with_tls", [False, True])
def test_a_file_that_is_not_in_memory_comes_from_the_disk(tmp_path: Path, with_tls: bool) -> None:
    image = tmp_path / "image"
    content = hashlib.sha256(b"x").digest() * 150_000
    image.write_bytes(content)
    served, trusting = tls_pair(tmp_path)
    with Running(server_of(lambda _: FileReply(image), tls=served if with_tls else None)):
        for _ in range(3):
            drop(image)
            if with_tls:
                client: http.client.HTTPConnection = http.client.HTTPSConnection(
                    str(LOOPBACK), PORT, timeout=10, context=trusting
                )
            else:
                client = http.client.HTTPConnection(str(LOOPBACK), PORT, timeout=10)
            client.request("GET", "/image", headers={"Range": "bytes=1000-"})
            assert client.getresponse().read() == content[1000:]
            client.close()


def drop(path: Path) -> None:
    """Out of memory, where the file system lets it."""
    opened = os.open(path, os.O_RDONLY)
    os.fsync(opened)
    os.posix_fadvise(opened, 0, 0, os.POSIX_FADV_DONTNEED)
    os.close(opened)


def test_a_tls_client_that_wants_no_more_is_told_the_end(tmp_path: Path) -> None:
    served, trusting = tls_pair(tmp_path)
    with (
        Running(server_of(lambda _: Reply(200, bytes(3_000_000)), tls=served)),
        connected() as plain,
        trusting.wrap_socket(plain, server_hostname=str(LOOPBACK)) as client,
    ):
        client.sendall(b"GET / HTTP/1.0\r\n\r\n")
        received = b""
        while more := client.recv(65_536):  # an end without notice would be an SSLEOFError
            received += more
        assert len(received) > 3_000_000
        with contextlib.suppress(ssl.SSLError):
            client.unwrap()


def test_a_tls_client_that_does_not_trust_us_is_told_of(tmp_path: Path) -> None:
    served, _ = tls_pair(tmp_path)
    told: list[RequestRefused] = []
    with (
        Running(server_of(hello, tls=served, on_event=told.append)) as running,
        connected() as plain,
    ):
        with pytest.raises(ssl.SSLCertVerificationError):
            ssl.create_default_context().wrap_socket(plain, server_hostname=str(LOOPBACK))
        running.look_around()
        (refused,) = told
    assert (refused.peer, refused.status) == (LOOPBACK, 0)
    assert "UNKNOWN_CA" in refused.reason


def test_a_second_server_is_refused() -> None:
    with Running(server_of(hello)), pytest.raises(SocketNotBound):
        server_of(hello).bind()
