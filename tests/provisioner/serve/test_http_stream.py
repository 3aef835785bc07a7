"""Both streams over a socket pair; what they carry is judged in test_http_server.py."""

from __future__ import annotations

import os
import socket
import ssl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from provisioner.serve.http_stream import PlainStream, Stream, TlsStream
from tests.provisioner.serve.tls import tls_pair

pytestmark = pytest.mark.protocol

CONTENT = bytes(range(256)) * 8000


@pytest.fixture(params=["plain", "tls"])
def both(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Stream, socket.socket]]:
    """Our end, and the client's."""
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    theirs.settimeout(10)
    if request.param == "plain":
        stream: Stream = PlainStream(ours)
    else:
        served, trusting = tls_pair(tmp_path)
        stream = TlsStream(ours, served)
        theirs = shaken(stream, theirs, trusting)
    yield stream, theirs
    stream.close()
    theirs.close()


def shaken(stream: Stream, client: socket.socket, trusting: ssl.SSLContext) -> socket.socket:
    trusting.check_hostname = False
    with ThreadPoolExecutor(1) as thread:
        wrapped = thread.submit(trusting.wrap_socket, client)
        while not wrapped.done():
            assert stream.receive() is None
    assert stream.receive() is None  # the last that the client said in its handshake
    return wrapped.result()


def test_nothing_here_waits(both: tuple[Stream, socket.socket]) -> None:
    stream, client = both
    assert stream.receive() is None
    client.sendall(b"hello")
    assert stream.receive() == b"hello"
    sent, more = 0, 1
    while more:
        more = stream.send(CONTENT[:10_000], more=True)
        sent += more
    assert sent > 0
    received = 0
    while received < sent:
        received += len(client.recv(65_536))


def test_a_file_goes_out_from_its_place(both: tuple[Stream, socket.socket], tmp_path: Path) -> None:
    stream, client = both
    path = tmp_path / "file"
    path.write_bytes(CONTENT)
    position, received = 1000, b""
    file = os.open(path, os.O_RDONLY)
    while position < len(CONTENT):
        sent = stream.send_file(file, position, len(CONTENT) - position)
        position += sent
        if not sent:
            received += client.recv(65_536)
    with pytest.raises(ConnectionError):
        stream.send_file(file, position, 1)
    os.close(file)
    while len(received) < len(CONTENT) - 1000:
        received += client.recv(65_536)
    assert received == CONTENT[1000:]


def test_the_end_is_said_and_the_client_heard_out(both: tuple[Stream, socket.socket]) -> None:
    stream, client = both
    stream.end()
    assert client.recv(10) == b""
    client.close()
    assert stream.receive() == b""


def test_a_client_that_never_shook_hands_is_ended_too(tmp_path: Path) -> None:
    ours, theirs = socket.socketpair()
    with theirs:
        stream = TlsStream(ours, tls_pair(tmp_path)[0])
        stream.end()
        assert theirs.recv(10) == b""
        stream.close()


def test_much_that_comes_at_once(both: tuple[Stream, socket.socket]) -> None:
    stream, client = both
    client.sendall(CONTENT[:50_000])
    received = b""
    while more := stream.receive():
        received += more
    assert received == CONTENT[:50_000]
