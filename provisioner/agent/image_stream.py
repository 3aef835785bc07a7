"""The image as it is served: a zstd file whose first, skippable frame says which chunks follow.

    skippable frame (RFC 8878, 3.1.2): 50 2A 4D 18, length as u32 little-endian, then this JSON:
        {"chunk":1048576,"chunks":[[index,compressed_length],…],"format":"harmony-chunks-1","size":N}
    for every chunk listed, in ascending order: one zstd frame that holds exactly that chunk

Chunks that are not listed are zeros. So nothing is decompressed or copied for them, and every chunk
is written from the buffer it was decompressed into. The header comes before the digest is known to
be right: nothing in it is believed that could write outside of `size`.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from provisioner.agent.errors import AgentError

MAGIC = 0x184D2A50
FORMAT = "harmony-chunks-1"
CHUNK = 1 << 20
SECTOR = 512
LONGEST_HEADER = 16 << 20
LONGEST_FRAME = CHUNK + (CHUNK >> 4)

ReadExactly = Callable[[int], bytes]


class MalformedImage(AgentError):
    """The image is not in the format above."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """`length` bytes at `offset` of the disk, in a frame of `frame` bytes."""

    offset: int
    length: int
    frame: int


@dataclass(frozen=True, slots=True)
class ImageMap:
    """`size` of the raw image; `chunks` that are not zeros, ascending; `header` bytes came first."""

    size: int
    chunks: tuple[Chunk, ...]
    header: int


def read_map(read_exactly: ReadExactly) -> ImageMap:
    """Reads the skippable frame.

    Raises:
        MalformedImage: it isn't there, or makes no sense.
    """
    magic, length = struct.unpack("<II", read_exactly(8))
    if magic != MAGIC or length > LONGEST_HEADER:
        raise MalformedImage("the image does not begin with its map")
    try:
        fields = cast("dict[str, object]", json.loads(read_exactly(length)))
        if fields["format"] != FORMAT or fields["chunk"] != CHUNK:
            raise MalformedImage(f"an image of format {fields['format']!r} is not known here")
        size = cast("int", fields["size"])
        listed = cast("list[list[int]]", fields["chunks"])
        chunks = tuple(_chunk(index, frame, size) for index, frame in listed)
    except (ValueError, KeyError, TypeError) as error:
        raise MalformedImage(f"the image's map can't be read: {error!r}") from error
    _check(size, chunks)
    return ImageMap(size, chunks, 8 + length)


def _chunk(index: int, frame: int, size: int) -> Chunk:
    offset = index * CHUNK
    return Chunk(offset, min(CHUNK, size - offset), frame)


def _check(size: int, chunks: tuple[Chunk, ...]) -> None:
    if size <= CHUNK or size % SECTOR:
        raise MalformedImage(f"an image of {size} bytes")
    end = 0
    for chunk in chunks:
        if chunk.offset < end or chunk.length <= 0 or not 0 < chunk.frame <= LONGEST_FRAME:
            raise MalformedImage(f"a chunk at {chunk.offset} of {size} bytes")
        end = chunk.offset + chunk.length
    if not chunks or chunks[0].offset != 0:
        raise MalformedImage("the image has no partition table")
