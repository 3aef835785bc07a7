from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from provisioner.serve.tftp_packets import Packets

pytestmark = pytest.mark.protocol


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ours,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as theirs,
    ):
        theirs.bind(("127.0.0.1", 0))
        theirs.settimeout(5)
        theirs.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        ours.setblocking(False)
        ours.connect(theirs.getsockname())
        yield ours, theirs


def heard(theirs: socket.socket, count: int) -> list[bytes]:
    return [theirs.recv(65_535) for _ in range(count)]


@pytest.mark.parametrize("window", [1, 2, 16, 64, 65_535])
@pytest.mark.parametrize("block", [8, 512, 1468, 8968, 65_464])
def test_a_window_arrives_as_single_datagrams_in_order(
    ends: tuple[socket.socket, socket.socket], window: int, block: int
) -> None:
    ours, theirs = ends
    packets = Packets(ours, 4 + block, window)
    count = min(window, 200_000 // block, 64)
    full = [bytes([number]) * (4 + block) for number in range(count)]
    for sent in (full, full[:1], [*full[:-1], b"last"], [b"oack"]):
        packets.send(sent)
        assert heard(theirs, len(sent)) == sent


def test_segments_larger_than_the_path_takes_are_sent_one_by_one(
    ends: tuple[socket.socket, socket.socket],
) -> None:
    """The kernel refuses to cut for such a path; single datagrams go as fragments."""
    ours, theirs = ends
    packets = Packets(ours, 20_000, 4)
    ours.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, 1)
    sent = [bytes([number]) * 20_000 for number in range(4)]
    packets.send(sent)
    assert heard(theirs, 4) == sent


def test_nobody_there_is_told_and_no_room_is_a_loss(
    ends: tuple[socket.socket, socket.socket],
) -> None:
    ours, theirs = ends
    packets = Packets(ours, 516, 16)
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2048)
    packets.send([bytes(516)] * 16)
    theirs.close()
    ours.send(b"to nobody")
    with pytest.raises(ConnectionRefusedError):
        packets.send([bytes(516)])
