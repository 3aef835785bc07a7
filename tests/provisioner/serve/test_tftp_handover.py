from __future__ import annotations

import contextlib
import os
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.protocol.tftp.terms import Terms
from provisioner.protocol.tftp.transfer import Completed, Failed, Probed
from provisioner.serve.tftp_handover import (
    Ended,
    HandOver,
    decode_ended,
    encode_ended,
    hand_over,
    take,
)

pytestmark = pytest.mark.unit

TERMS = Terms((("tsize", "4"), ("blksize", "1428")), 1428, 16, None)


def pair() -> tuple[socket.socket, socket.socket]:
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)


def test_a_transfer_arrives_with_its_descriptors() -> None:
    ours, theirs = pair()
    order = HandOver(7, 4, TERMS)
    with ours, theirs, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        file = os.memfd_create("content")
        os.write(file, b"text")
        hand_over(ours, order, udp.fileno(), file)
        os.close(file)
        taken = take(theirs)
        assert taken is not None
        got, its_udp, its_file = taken
        assert got == order
        assert os.pread(its_file, 10, 0) == b"text"
        with socket.socket(fileno=its_udp) as same:
            assert same.type == socket.SOCK_DGRAM
        os.close(its_file)


def test_no_more_than_there_is_room_for() -> None:
    ours, theirs = pair()
    with ours, theirs:
        ours.setblocking(False)
        theirs.setblocking(False)
        queued = 0
        with contextlib.suppress(BlockingIOError):
            for queued in range(10_000):
                hand_over(ours, HandOver(queued, 4, TERMS), 0, 0)
        assert 0 < queued < 9_999
        for _ in range(queued):
            taken = take(theirs)
            assert taken is not None
            os.close(taken[1])
            os.close(taken[2])
        with pytest.raises(BlockingIOError):
            take(theirs)


def test_the_other_side_has_gone() -> None:
    ours, theirs = pair()
    ours.close()
    with theirs:
        assert take(theirs) is None


@given(
    st.builds(
        Ended,
        st.integers(0),
        st.one_of(
            st.builds(Completed),
            st.builds(Probed),
            st.builds(Failed, st.text(min_size=1), st.integers(0)),
        ),
        st.floats(0, 1e6),
        st.integers(0),
    )
)
def test_how_it_ended_can_be_read_back(ended: Ended) -> None:
    assert decode_ended(encode_ended(ended)) == ended
