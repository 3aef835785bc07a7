"""A body that comes in chunks, put together (RFC 9112, 7.1)."""

from __future__ import annotations

import re
from enum import Enum, auto

from provisioner.protocol.errors import MalformedHttpRequest

_LONGEST_LINE = 256
_MOST_TRAILERS = 20
_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})(?:[ \t]*;[\t -~\x80-\xff]*)?")
_TRAILER = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t -~\x80-\xff]*")
_LINE_SO_FAR = re.compile(rb"[\t -~\x80-\xff]*\r?")


class _Next(Enum):
    SIZE = auto()
    CONTENT = auto()
    LINE_END = auto()
    TRAILER = auto()
    NOTHING = auto()


class ChunkedBody:
    """At most `largest` bytes; trailers are read and forgotten."""

    def __init__(self, largest: int) -> None:
        self.content = bytearray()
        self._largest = largest
        self._next = _Next.SIZE
        self._left = 0
        self._trailers = 0

    def whole(self) -> bytes:
        """The body, once; nothing of it is held here any more."""
        body = bytes(self.content)
        self.content.clear()
        return body

    def take(self, buffer: bytearray) -> bool:
        """Take what there is of the body out of the buffer; True once it is complete. Raises
        MalformedHttpRequest."""
        while self._next is not _Next.NOTHING:
            if self._next is _Next.CONTENT:
                went_on = self._take_content(buffer)
            elif self._next is _Next.LINE_END:
                went_on = self._take_line_end(buffer)
            else:
                went_on = self._take_line(buffer)
            if not went_on:
                return False
        return True

    def _take_content(self, buffer: bytearray) -> bool:
        piece = buffer[: self._left]
        self.content += piece
        self._left -= len(piece)
        del buffer[: len(piece)]
        if self._left:
            return False
        self._next = _Next.LINE_END
        return True

    def _take_line_end(self, buffer: bytearray) -> bool:
        if not b"\r\n".startswith(buffer[:2]):
            raise MalformedHttpRequest(400, "a chunk doesn't end where it says")
        if len(buffer) < 2:
            return False
        del buffer[:2]
        self._next = _Next.SIZE
        return True

    def _take_line(self, buffer: bytearray) -> bool:
        end = buffer.find(b"\r\n", 0, _LONGEST_LINE)
        if end < 0:
            if len(buffer) >= _LONGEST_LINE or _LINE_SO_FAR.fullmatch(buffer) is None:
                raise MalformedHttpRequest(400, "a line between the chunks is none")
            return False
        line = bytes(buffer[:end])
        del buffer[: end + 2]
        if self._next is _Next.SIZE:
            self._begin_chunk(line)
        else:
            self._trailer(line)
        return True

    def _begin_chunk(self, line: bytes) -> None:
        found = _SIZE.fullmatch(line)
        if found is None:
            raise MalformedHttpRequest(400, "a chunk has no size")
        self._left = int(found[1], 16)
        if len(self.content) + self._left > self._largest:
            raise MalformedHttpRequest(413, f"more than {self._largest} bytes")
        self._next = _Next.CONTENT if self._left else _Next.TRAILER

    def _trailer(self, line: bytes) -> None:
        self._trailers += 1
        if not line:
            self._next = _Next.NOTHING
        elif _TRAILER.fullmatch(line) is None or self._trailers > _MOST_TRAILERS:
            raise MalformedHttpRequest(400, "a trailer is none")
