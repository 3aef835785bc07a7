"""Bytes in, requests out: one connection's requests, one after the other, however they are cut up."""

from __future__ import annotations

import re
from dataclasses import dataclass

from provisioner.protocol.errors import MalformedHttpRequest
from provisioner.protocol.http.chunked import ChunkedBody
from provisioner.protocol.http.head import RequestHead, decode_head

LARGEST_HEAD = 16 * 1024
LARGEST_BODY = 256 * 1024
_SO_FAR = re.compile(rb"(?:[\t -~\x80-\xff]|\r\n)*+\r?")
"""What can still become a head. Anything else is refused at once: a TLS client that speaks to the
plain port, or a bare line feed, has nothing to wait for."""


@dataclass(frozen=True, slots=True)
class ReceivedRequest:
    head: RequestHead
    body: bytes


class RequestReceiver:
    """After a MalformedHttpRequest nothing more can be read from the connection."""

    def __init__(self) -> None:
        self.head: RequestHead | None = None  # of the request that is being received
        self._buffer = bytearray()
        self._chunks = ChunkedBody(LARGEST_BODY)
        self._leave_given = False
        self._looked_at = 0  # how much of the buffer can be the beginning of a head

    @property
    def is_idle(self) -> bool:
        """Whether nothing has come of the next request."""
        return self.head is None and not self._buffer

    @property
    def held(self) -> int:
        """Bytes of requests that aren't complete."""
        return len(self._buffer) + len(self._chunks.content)

    @property
    def is_of_head(self) -> bool:
        """Whether the request, malformed as it may be, is a HEAD: no answer to it has a body."""
        if self.head is not None:
            return self.head.method == "HEAD"
        return self._buffer.startswith(b"HEAD ")

    def feed(self, data: bytes) -> None:
        self._buffer += data

    def next_request(self) -> ReceivedRequest | None:
        """The next request, once all of it is here. Raises MalformedHttpRequest."""
        head = self.head
        if head is None:
            if not self._buffer:
                return None
            head = self.head = self._next_head()
            if head is None:
                return None
        body = self._body_of(head)
        if body is None:
            return None
        self.head = None
        return ReceivedRequest(head, body)

    def gives_leave(self) -> bool:
        """Whether the client waits for a "100 Continue"; True once a request."""
        if self.head is None or not self.head.waits_for_leave or self._leave_given:
            return False
        self._leave_given = True
        return not self._buffer

    def _next_head(self) -> RequestHead | None:
        buffer = self._buffer
        while buffer.startswith(b"\r\n"):  # RFC 9112, 2.2
            del buffer[:2]
        end = buffer.find(b"\r\n\r\n", max(0, self._looked_at - 3), LARGEST_HEAD)
        if end < 0:
            self._require_beginning()
            return None
        self._looked_at = 0
        head = decode_head(buffer[: end + 4])
        del buffer[: end + 4]
        if head.length is None:
            self._chunks = ChunkedBody(LARGEST_BODY)
        self._leave_given = False
        return head

    def _require_beginning(self) -> None:
        """What is new of it is looked at once: who drips it in costs no more than others."""
        buffer = self._buffer
        if _SO_FAR.fullmatch(buffer, self._looked_at, LARGEST_HEAD) is None:
            raise MalformedHttpRequest(400, "that is no HTTP")
        if len(buffer) >= LARGEST_HEAD:
            raise MalformedHttpRequest(431, f"a head of more than {LARGEST_HEAD} bytes")
        self._looked_at = len(buffer) - buffer.endswith(b"\r")

    def _body_of(self, head: RequestHead) -> bytes | None:
        """Taken out of the buffer once it is complete."""
        length = head.length
        if length is None:
            return self._chunks.whole() if self._chunks.take(self._buffer) else None
        if length > LARGEST_BODY:
            raise MalformedHttpRequest(413, f"more than {LARGEST_BODY} bytes")
        if len(self._buffer) < length:
            return None
        if not length:
            return b""
        body = bytes(self._buffer[:length])
        del self._buffer[:length]
        return body
