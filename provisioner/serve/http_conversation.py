"""One HTTP/1.1 connection of a machine: h11 reads, the kernel copies files, nobody holds us up.

Images of hundreds of megabytes go to several machines at once from a small computer: sendfile(2)
costs it next to nothing, and no ASGI server here offers it on a socket that is bound already.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Awaitable, Callable
from email.utils import formatdate
from ipaddress import IPv4Address
from typing import BinaryIO, cast
from urllib.parse import parse_qsl, unquote, urlsplit

import h11

from provisioner.serve.faults import Faults
from provisioner.serve.http_message import (
    Answer,
    FileReply,
    NotSatisfiable,
    Part,
    Reply,
    Request,
    asked_part,
    text,
)

Handler = Callable[[Request], Awaitable[Answer]]

_LARGEST_HEAD = 16 * 1024
_LARGEST_BODY = 256 * 1024
_IDLE_SECONDS = 60.0
_STALL_SECONDS = 300.0  # an emulated machine may write its disk for long
_LINGER_SECONDS = 2.0
_MOST_UNREAD = 4 * 1024 * 1024
_SLICE = 1024 * 1024
_CLOSE = (("Connection", "close"),)


class Conversation:
    """One connection: requests and answers in turn, until either side has had enough."""

    def __init__(
        self,
        connection: socket.socket,
        peer: IPv4Address,
        answer: Handler,
        clock: Callable[[], float],
        faults: Faults,
    ) -> None:
        self._connection = connection
        self._peer = peer
        self._reached = IPv4Address(connection.getsockname()[0])
        self._answer = answer
        self._clock = clock
        self._faults = faults
        self._with_body = True  # not in the answer to a HEAD, whatever the answer is
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=_LARGEST_HEAD)
        self._loop = asyncio.get_running_loop()

    async def go_on(self) -> None:
        try:
            while await self._one_exchange():
                self._http.start_next_cycle()
        except h11.RemoteProtocolError as error:
            if self._http.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
                await self._send_reply(text(error.error_status_hint, str(error)))

    async def linger(self) -> None:
        """Hear the client out before the connection is closed: closing on unread bytes would reset
        it, and take the answer away that says what was wrong (RFC 9112, 9.6)."""
        self._connection.shutdown(socket.SHUT_WR)
        async with asyncio.timeout(_LINGER_SECONDS):
            for _ in range(_MOST_UNREAD // 65_536):
                if not await self._loop.sock_recv(self._connection, 65_536):
                    return

    async def _one_exchange(self) -> bool:
        """Whether another request may follow on this connection."""
        self._with_body = True
        event = await self._next_event()
        if not isinstance(event, h11.Request):
            return False
        self._with_body = event.method != b"HEAD"
        if self._http.they_are_waiting_for_100_continue:
            await self._send(h11.InformationalResponse(status_code=100, headers=[]))
        body = await self._body()
        if body is None:
            await self._send_reply(text(413, f"more than {_LARGEST_BODY} bytes", headers=_CLOSE))
            return False
        request = self._request(event, body)
        answer = text(400, "not a path") if request is None else await self._answered(request)
        await self._send_answer(answer, request)
        return self._http.our_state is h11.DONE and self._http.their_state is h11.DONE

    async def _answered(self, request: Request) -> Answer:
        """A bug in an answer costs one answer: DHCP and the other machines go on."""
        try:
            return await self._answer(request)
        except Exception as fault:
            self._faults.tell(fault)
            return text(500, "this is a fault of the provisioner, which has logged it")

    def _request(self, event: h11.Request, body: bytes) -> Request | None:
        target = event.target.decode("ascii", "replace")
        try:
            parts = urlsplit(target)
            query = dict(parse_qsl(parts.query, keep_blank_values=True, max_num_fields=50))
        except ValueError:
            return None
        if not parts.path.startswith("/"):
            return None
        return Request(
            method=event.method.decode("ascii"),
            path=unquote(parts.path),
            query=query,
            headers={
                name.decode("ascii"): value.decode("latin-1") for name, value in event.headers
            },
            body=body,
            peer=self._peer,
            reached=self._reached,
        )

    async def _body(self) -> bytes | None:
        """The whole body; None if it is too large."""
        body = bytearray()
        while isinstance(event := await self._next_event(), h11.Data):
            body += event.data
            if len(body) > _LARGEST_BODY:
                return None
        return bytes(body)

    async def _next_event(self) -> h11.Event | type[h11.PAUSED]:
        async with asyncio.timeout(_IDLE_SECONDS):
            while True:
                event = self._http.next_event()
                if event is not h11.NEED_DATA:
                    return cast(h11.Event | type[h11.PAUSED], event)
                self._http.receive_data(await self._loop.sock_recv(self._connection, 65_536))

    async def _send_answer(self, answer: Answer, request: Request | None) -> None:
        if isinstance(answer, Reply) or request is None:
            assert isinstance(answer, Reply), "there is no file without a request"
            await self._send_reply(answer)
            return
        try:
            file = answer.path.open("rb")
        except OSError:
            await self._send_reply(text(503, "this file isn't there now"))
            return
        with contextlib.closing(file):
            await self._send_file(answer, file, request)

    async def _send_reply(self, reply: Reply) -> None:
        head = [
            *self._headers(reply.content_type, len(reply.body)),
            *reply.headers,
        ]
        await self._send(h11.Response(status_code=reply.status, headers=head))
        if self._with_body and reply.body:
            await self._send(h11.Data(data=reply.body))
        await self._send(h11.EndOfMessage())

    async def _send_file(self, answer: FileReply, file: BinaryIO, request: Request) -> None:
        size = file.seek(0, 2)
        tag = f'"{answer.tag}"'
        same = request.headers.get("if-range", tag) == tag
        part = asked_part(request.headers.get("range") if same else None, size)
        if isinstance(part, NotSatisfiable):
            refused = text(416, "behind the end", headers=(("Content-Range", f"bytes */{size}"),))
            await self._send_reply(refused)
            return
        wanted = part or Part(0, size - 1, size)
        head = [
            *self._headers(answer.content_type, wanted.length),
            ("Accept-Ranges", "bytes"),
            ("ETag", tag),
        ]
        if part is not None:
            head.append(("Content-Range", f"bytes {part.first}-{part.last}/{size}"))
        await self._send(h11.Response(status_code=200 if part is None else 206, headers=head))
        if self._with_body:
            await self._send_bytes_of(file, wanted)
        await self._send(h11.EndOfMessage())

    async def _send_bytes_of(self, file: BinaryIO, part: Part) -> None:
        """The kernel copies; h11 is told how many bytes went past it."""
        position, end = part.first, part.last + 1
        while position < end:
            async with asyncio.timeout(_STALL_SECONDS):
                sent = await self._loop.sock_sendfile(
                    self._connection, file, position, min(_SLICE, end - position)
                )
            if sent == 0:
                raise ConnectionError("the file became shorter while it was sent")
            position += sent
        self._http.send_with_data_passthrough(h11.Data(data=cast(bytes, _Passed(part.length))))

    def _headers(self, content_type: str, length: int) -> list[tuple[str, str]]:
        return [
            ("Date", formatdate(self._clock(), usegmt=True)),
            ("Content-Type", content_type),
            ("Content-Length", str(length)),
        ]

    async def _send(self, event: h11.Event) -> None:
        data = self._http.send(event)
        if data:
            async with asyncio.timeout(_STALL_SECONDS):
                await self._loop.sock_sendall(self._connection, data)


class _Passed:
    """Stands for bytes that the kernel has sent already: h11 only counts them."""

    def __init__(self, length: int) -> None:
        self._length = length

    def __len__(self) -> int:
        return self._length
