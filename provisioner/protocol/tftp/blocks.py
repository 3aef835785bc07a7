"""The DATA packets of a file (RFC 1350, section 5). Machines that boot together ask for the same ones
shortly after each other: what was made for the first of them is kept a while for the others."""

from __future__ import annotations

import struct
from collections.abc import Callable
from functools import lru_cache
from typing import Protocol, TypeAlias

_DATA = 3
_BLOCK_NUMBERS = 65_536
_KEPT = 1 << 20
"""Bytes: as far as those are apart who began together."""
_KEEPING = 256
"""Bytes that it costs to keep a packet, beside the block in it."""
_head = struct.Struct("!HH").pack

Blocks: TypeAlias = Callable[[int], bytes]
"""The DATA packet of a block. Blocks are counted from 1 and don't wrap; their numbers in packets do."""


class Content(Protocol):
    """Bytes, or a file. A part that can't be read is an OSError."""

    def __len__(self) -> int: ...
    def __getitem__(self, part: slice, /) -> bytes: ...


def blocks_of(content: Content, block_size: int) -> Blocks:
    """Each made when it is asked for. The last is shorter than `block_size`, be it empty."""
    size = len(content)

    def block(number: int) -> bytes:
        end = number * block_size
        part = content[end - block_size : end if end < size else size]
        return _head(_DATA, number % _BLOCK_NUMBERS) + part

    return block


def shared_blocks(content: Content, block_size: int) -> Blocks:
    """The same, for many who ask: the latest are kept, a megabyte of them."""
    return lru_cache(_KEPT // (block_size + _KEEPING))(blocks_of(content, block_size))
