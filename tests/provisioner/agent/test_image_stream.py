"""Reading the image's map, which nobody has vouched for yet."""

from __future__ import annotations

import json
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.agent.image_stream import CHUNK, Chunk, ImageMap, MalformedImage, read_map
from tests.provisioner.agent.recording_disk import BytesSource

pytestmark = pytest.mark.unit


def served(**changes: object) -> bytes:
    fields = {
        "chunk": CHUNK,
        "chunks": [[0, 100], [2, 200]],
        "format": "harmony-chunks-1",
        "size": 2 * CHUNK + 512,
    }
    text = json.dumps({**fields, **changes}).encode()
    return struct.pack("<II", 0x184D2A50, len(text)) + text


def test_a_map() -> None:
    content = served()
    chunks = (Chunk(0, CHUNK, 100), Chunk(2 * CHUNK, 512, 200))
    assert read_map(BytesSource(content).read_exactly) == ImageMap(
        2 * CHUNK + 512, chunks, len(content)
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"format": "harmony-chunks-2"},
        {"chunk": 4096},
        {"size": 0},
        {"size": CHUNK},
        {"size": 2 * CHUNK + 1},
        {"size": "big"},
        {"chunks": []},
        {"chunks": [[1, 100]]},
        {"chunks": [[0, 100], [0, 100]]},
        {"chunks": [[0, 100], [2, 100], [1, 100]]},
        {"chunks": [[-1, 100], [0, 100]]},
        {"chunks": [[0, 0]]},
        {"chunks": [[0, 1 << 40]]},
        {"chunks": [[0, 100], [3, 100]]},
        {"chunks": [[0]]},
        {"chunks": 7},
        {"chunks": [["a", "b"]]},
    ],
    ids=str,
)
def test_a_map_that_makes_no_sense(changes: dict[str, object]) -> None:
    with pytest.raises(MalformedImage):
        read_map(BytesSource(served(**changes)).read_exactly)


@pytest.mark.parametrize(
    "content",
    [
        bytes(8),
        b"\x28\xb5\x2f\xfd" + bytes(4),
        struct.pack("<II", 0x184D2A50, 1 << 30),
        struct.pack("<II", 0x184D2A50, 4) + b"null",
        struct.pack("<II", 0x184D2A50, 2) + b"\xff\xff",
    ],
)
def test_what_is_not_a_map(content: bytes) -> None:
    with pytest.raises(MalformedImage):
        read_map(BytesSource(content).read_exactly)


@given(st.lists(st.tuples(st.integers(-5, 20), st.integers(-5, 2 * CHUNK))), st.integers(0, 10))
def test_whatever_is_accepted_stays_within_the_image(
    chunks: list[tuple[int, int]], mib: int
) -> None:
    size = mib * CHUNK + 512
    try:
        image = read_map(BytesSource(served(chunks=chunks, size=size)).read_exactly)
    except MalformedImage:
        return
    assert image.chunks[0].offset == 0
    assert all(0 < chunk.length <= CHUNK for chunk in image.chunks)
    assert all(chunk.offset + chunk.length <= size for chunk in image.chunks)
