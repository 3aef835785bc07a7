"""Requests come out the same however their bytes are cut up, and so do refusals."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provisioner.protocol.errors import MalformedHttpRequest
from provisioner.protocol.http.receiver import (
    LARGEST_BODY,
    LARGEST_HEAD,
    ReceivedRequest,
    RequestReceiver,
)

pytestmark = pytest.mark.unit

Outcome = list[ReceivedRequest | int]
GET = b"GET /a?b=c HTTP/1.1\r\nHost: x\r\n\r\n"
POST = b"POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
CHUNKED = b"POST /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"


def outcome(pieces: list[bytes]) -> Outcome:
    """The requests, and the status of what ended them."""
    receiver, found = RequestReceiver(), Outcome()
    try:
        for piece in pieces:
            receiver.feed(piece)
            while request := receiver.next_request():
                found.append(request)
    except MalformedHttpRequest as error:
        found.append(error.status)
    return found


def cut(data: bytes, places: list[int]) -> list[bytes]:
    edges = [0, *sorted(place % (len(data) + 1) for place in places), len(data)]
    return [data[begin:end] for begin, end in pairwise(edges)]


def test_requests_come_out_one_after_the_other() -> None:
    first, second, third = outcome([GET + POST + CHUNKED])
    assert isinstance(first, ReceivedRequest)
    assert (first.head.path, first.head.query, first.body) == ("/a", {"b": "c"}, b"")
    assert isinstance(second, ReceivedRequest)
    assert (second.head.method, second.head.path, second.body) == ("POST", "/b", b"abc")
    assert isinstance(third, ReceivedRequest)
    assert (third.head.path, third.body) == ("/c", b"abc")


parts = st.sampled_from(
    [
        GET,
        POST,
        CHUNKED,
        b"\r\n",
        b"\r",
        b"\n",
        b"\0",
        b"\x16\x03\x01",
        b"x",
        b"GET / HTTP/1.1\r\n",
        b"Host: x\r\n",
        b"X: " + b"y" * 9000 + b"\r\n",
        b"Content-Length: 300000\r\n",
        b"Content-Length: 3\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n",
        b"3\r\n",
        b"ffff\r\n",
        b"HEAD / HTTP/1.0\r\n\r\n",
        b"HEAD / HTTP/3.0\r\n\r\n",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(parts, max_size=6).map(b"".join), st.lists(st.integers(0), max_size=8))
def test_how_the_bytes_are_cut_up_makes_no_difference(data: bytes, places: list[int]) -> None:
    assert outcome(cut(data, places)) == outcome([data])


@given(st.lists(parts, max_size=6).map(b"".join))
def test_byte_by_byte(data: bytes) -> None:
    data = data[:2000]
    assert outcome([bytes((each,)) for each in data]) == outcome([data])


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"GET /" + b"x" * LARGEST_HEAD, 431),
        (b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 4000, 431),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % (LARGEST_BODY + 1), 413),
        (b"\x16\x03\x01\x02\0\x01\0", 400),  # a TLS client
        (b"\0", 400),
        (b"GET / HTTP/1.1\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\r", 400),
    ],
)
def test_what_can_become_no_request_is_refused_at_once(data: bytes, status: int) -> None:
    assert outcome([data]) == [status]


def test_a_body_of_the_largest_size_is_taken() -> None:
    head = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % LARGEST_BODY
    (request,) = outcome([head, *[bytes(65_536)] * (LARGEST_BODY // 65_536)])
    assert isinstance(request, ReceivedRequest)
    assert len(request.body) == LARGEST_BODY


def test_it_is_idle_between_requests_only() -> None:
    receiver = RequestReceiver()
    assert receiver.is_idle
    receiver.feed(POST[:10])
    assert (receiver.next_request(), receiver.is_idle) == (None, False)
    receiver.feed(POST[10:-1])
    assert (receiver.next_request(), receiver.is_idle) == (None, False)
    receiver.feed(POST[-1:] + b"\r\n")
    assert receiver.next_request() is not None
    assert (receiver.next_request(), receiver.is_idle) == (None, True)


def test_leave_to_send_is_given_once_to_who_waits_for_it() -> None:
    receiver = RequestReceiver()
    asking = POST[:-7] + b"\r\nExpect: 100-continue\r\n\r\n"
    for _ in range(2):
        receiver.feed(asking)
        assert receiver.next_request() is None
        assert [receiver.gives_leave(), receiver.gives_leave()] == [True, False]
        receiver.feed(b"abc")
        assert receiver.next_request() is not None
    receiver.feed(asking + b"a")
    assert receiver.next_request() is None
    assert not receiver.gives_leave()  # it doesn't wait


@pytest.mark.parametrize(
    ("data", "is_of_head"),
    [
        (b"HEAD / HTTP/1.1\r\n\r\n", True),
        (b"HEAD / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", True),
        (b"GET / HTTP/1.1\r\n\r\n", False),
        (b"HEADER\n", False),
    ],
)
def test_a_malformed_head_request_is_known_as_one(data: bytes, is_of_head: bool) -> None:
    receiver = RequestReceiver()
    receiver.feed(data)
    with pytest.raises(MalformedHttpRequest):
        receiver.next_request()
    assert receiver.is_of_head is is_of_head


def test_a_head_that_is_dripped_in_is_looked_at_once() -> None:
    """Looked at from its beginning with every byte, it took seconds."""
    receiver, began = RequestReceiver(), time.process_time()
    for _ in range(LARGEST_HEAD - 1):
        receiver.feed(b"a")
        assert receiver.next_request() is None
    assert receiver.held == LARGEST_HEAD - 1
    assert time.process_time() - began < 0.5
