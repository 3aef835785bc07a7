"""The daemon's TCP ports, given what nobody should send: every connection is answered or ended, none with a
fault of ours, and the next one is served."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.fuzz.run import HOSTILE, datagrams_in
from tests.namespaces import NetworkNamespace, Segment, segment
from tests.peers.daemon_child import DaemonChild
from tests.peers.served_site import served_on

pytestmark = pytest.mark.protocol

SERVER = "10.7.0.1"
PATIENCE = 20.0
WAITS_FOR_MORE = {"good-report-with-length", "nothing", "a-head-without-end"}
"""Whose request is not complete: the server may wait until they say more."""


@pytest.fixture(scope="module")
def wire() -> Iterator[Segment]:
    with segment() as made:
        yield made


@pytest.fixture(scope="module")
def daemon(wire: Segment, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaemonChild]:
    with served_on(wire, tmp_path_factory.mktemp("served")) as child:
        yield child
        assert "Traceback" not in child.log.read_text()


@pytest.fixture(scope="module")
def station(wire: Segment) -> NetworkNamespace:
    return wire.station("eth0", "10.7.0.66/24")


def said_to(port: int, pieces: list[bytes]) -> bytes:
    """What comes back until the server has no more to say; it is told that nothing more comes."""
    with socket.create_connection((SERVER, port), timeout=PATIENCE) as connection:
        try:
            for piece in pieces:
                connection.sendall(piece)
            connection.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: connection.recv(65_536), b""))
        except TimeoutError:
            raise
        except OSError:  # reset, or ended before it was told
            return b""


def files(folder: str) -> list[Path]:
    return sorted((HOSTILE / folder).glob("*.hex"))


@pytest.mark.parametrize("file", files("http"), ids=lambda file: file.stem)
def test_http(daemon: DaemonChild, station: NetworkNamespace, file: Path) -> None:
    answer = station.call(lambda: said_to(80, datagrams_in(file)))
    assert answer.startswith(b"HTTP/1.1 ") or file.stem in WAITS_FOR_MORE, answer
    assert not answer.startswith(b"HTTP/1.1 500")
    good = b"GET /nothing HTTP/1.1\r\nHost: 10.7.0.1\r\nConnection: close\r\n\r\n"
    assert station.call(lambda: said_to(80, [good])).startswith(b"HTTP/1.1 404 ")
    assert daemon.answers()


@pytest.mark.parametrize("folder", ["http", "dns", "dhcp", "frame"])
def test_https(daemon: DaemonChild, station: NetworkNamespace, folder: str) -> None:
    """What is no TLS comes to nothing."""
    for file in files(folder):
        answer = station.call(partial(said_to, 443, datagrams_in(file)))
        assert not answer.startswith(b"HTTP/")
    assert daemon.answers()


def test_dns_by_tcp(daemon: DaemonChild, station: NetworkNamespace) -> None:
    """Whole, cut, and with a length that is more than comes."""
    good = datagrams_in(HOSTILE / "dns" / "good-a.hex")[0]
    for file in files("dns"):
        (query,) = datagrams_in(file)
        for length in (len(query), len(query) + 40, max(0, len(query) - 5)):
            station.call(partial(said_to, 53, [struct.pack("!H", length), query]))
    answer = station.call(lambda: said_to(53, [struct.pack("!H", len(good)), good]))
    assert answer[2:4] == good[:2]
    assert daemon.answers()
