from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.protocol.errors import MalformedHttpRequest
from provisioner.protocol.http.chunked import ChunkedBody

pytestmark = pytest.mark.unit


def taken(data: bytes, largest: int = 100) -> tuple[bytes, bytes] | None:
    """The body and what is left; None while there is more to come."""
    body, buffer = ChunkedBody(largest), bytearray(data)
    return (bytes(body.content), bytes(buffer)) if body.take(buffer) else None


@pytest.mark.parametrize(
    ("data", "content", "left"),
    [
        (b"0\r\n\r\n", b"", b""),
        (b"3\r\nabc\r\n0\r\n\r\nGET", b"abc", b"GET"),
        (b"003\r\nabc\r\n00\r\n\r\n", b"abc", b""),
        (b'a;name="v"\r\n0123456789\r\n1 ;x\r\nA\r\n0\r\nX: y\r\n\r\n', b"0123456789A", b""),
    ],
)
def test_chunks_are_put_together(data: bytes, content: bytes, left: bytes) -> None:
    assert taken(data) == (content, left)
    assert all(taken(data[:end]) is None for end in range(len(data) - len(left)))


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"zz\r\n", 400),
        (b"\r\n", 400),
        (b"-1\r\n", 400),
        (b"0x3\r\n", 400),
        (b" 3\r\n", 400),
        (b"3 \r\n", 400),
        (b"3\nabc", 400),
        (b"3\r\nabcd", 400),
        (b"3\r\nabc\n0\r\n", 400),
        (b"3;\0\r\n", 400),
        (b"3;" + b"x" * 300, 400),
        (b"111111111\r\n", 400),
        (b"ffffffff\r\n", 413),
        (b"32\r\n" + bytes(50) + b"\r\n33\r\n", 413),
        (b"0\r\nno trailer\r\n", 400),
        (b"0\r\n" + b"X: y\r\n" * 21, 400),
    ],
)
def test_what_is_no_chunk(data: bytes, status: int) -> None:
    with pytest.raises(MalformedHttpRequest) as caught:
        taken(data)
    assert caught.value.status == status


@given(st.lists(st.binary(min_size=1, max_size=20), max_size=5), st.binary(max_size=10))
def test_what_was_cut_into_chunks_is_whole_again(pieces: list[bytes], left: bytes) -> None:
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces)
    assert taken(chunks + b"0\r\n\r\n" + left) == (b"".join(pieces), left)
