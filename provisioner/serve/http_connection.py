"""One connection of a machine: requests and answers in turn, and nobody waits for anybody.

Readiness alone drives it: an answer out of memory costs one receive and one send, and no task. A file
goes out in slices, one each time it is its turn: DHCP is answered in between.
"""

from __future__ import annotations

import asyncio
import math
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import replace
from ipaddress import IPv4Address

from provisioner.protocol.errors import MalformedHttpRequest
from provisioner.protocol.http.head import RequestHead
from provisioner.protocol.http.receiver import ReceivedRequest, RequestReceiver
from provisioner.protocol.http.response import CONTINUE
from provisioner.serve.http_answer import outgoing
from provisioner.serve.http_desk import HttpDesk
from provisioner.serve.http_message import Answer, FileReply, Reply, Request, RequestRefused, text
from provisioner.serve.http_stream import Stream
from provisioner.serve.http_turns import READS, WRITES
from provisioner.serve.part_of_file import PartOfFile

_SLICE = 128 * 1024
"""Of a file, at a time. More is slower too: the receiver would wait for memory that no cache holds."""
_MOST_UNREAD = 4 * 1024 * 1024
_MOST_IN_A_ROW = 8
_UNREADABLE = RequestHead("GET", "/", {}, {}, 0, True, False, False)
"""What a request is taken for whose head can't be read."""


class Connection:
    """`deadline`, in the loop's time, is when `time_out` has to be called; `on_close` is called once."""

    def __init__(
        self,
        stream: Stream,
        peer: IPv4Address,
        reached: IPv4Address,
        desk: HttpDesk,
        on_close: Callable[[Connection], None],
    ) -> None:
        self.peer = peer
        self._stream = stream
        self._descriptor = stream.fileno()
        self._reached = reached
        self._desk = desk
        self._on_close = on_close
        self._loop = asyncio.get_running_loop()
        self._requests = RequestReceiver()
        self._head = _UNREADABLE  # of the request that is being answered
        self._is_answering = False
        self._content: bytes | memoryview = b""
        self._file: PartOfFile | None = None
        self._unread: int | None = None  # bytes heard since our last word
        self._reads = self._writes = self._peer_ended = self._is_closed = False
        self._have_patience(desk.limits.idle)
        self._read(True)

    @property
    def waits_for_client(self) -> bool:
        """Nothing is lost with it but a request that isn't complete."""
        return not self._is_answering

    @property
    def held(self) -> int:
        """Bytes of a request that isn't complete."""
        return self._requests.held

    def _have_patience(self, seconds: float) -> None:
        """From now on it is the client's turn."""
        self.waits_since = self._loop.time()
        self.deadline = self.waits_since + seconds

    def close(self) -> None:
        """Harmless when closed."""
        if self._is_closed:
            return
        self._is_closed = True
        self._read(False)
        self._write(False)
        self._drop_file()
        self._stream.close()
        self._on_close(self)

    def time_out(self) -> None:
        """Who stopped in the middle of a request is told so; any other is let go."""
        if self._is_answering or self._unread is not None or self._requests.is_idle:
            self.close()
        else:
            self._guarded(self._refuse_late)

    def _guarded(self, step: Callable[[], None]) -> None:
        """A broken connection is its client's own affair; a bug costs this connection: the others
        go on."""
        try:
            step()
        except ssl.SSLError as error:
            self._tell(0, error.reason or str(error))
            self.close()
        except OSError:
            self.close()
        except Exception as fault:
            self._desk.faults.tell(fault)
            self.close()

    def _ready(self, events: int) -> None:
        if events & READS and self._reads:
            self._guarded(self._receive)
        if events & WRITES and self._writes:
            self._guarded(self._push_and_go_on)

    def _receive(self) -> None:
        if self._is_answering:  # one at a time: what comes now waits in the kernel
            self._read(False)
            return
        data = self._stream.receive()
        if data is None:
            return
        if self._unread is not None:
            self._hear_out(data)
            return
        if data:
            if self._requests.is_idle:
                self._have_patience(self._desk.limits.request)
            self._requests.feed(data)
        else:
            self._peer_ended = True
            self._read(False)
        self._go_on()

    def _hear_out(self, data: bytes) -> None:
        """Closing on unread bytes would reset the connection, and take the answer away that says what
        was wrong (RFC 9112, 9.6)."""
        self._unread = (self._unread or 0) + len(data)
        if not data or self._unread > _MOST_UNREAD:
            self.close()

    def _go_on(self) -> None:
        """Answer what is here, one after the other, until there is to wait for something."""
        try:
            for _ in range(_MOST_IN_A_ROW):
                if self._is_answering or self._unread is not None or self._is_closed:
                    return
                request = self._requests.next_request()
                if request is None:
                    self._want_more()
                    return
                self._serve(request)
        except MalformedHttpRequest as error:
            self._refuse(error)
            return
        self._read(False)
        self._loop.call_soon(self._guarded, self._go_on)

    def _want_more(self) -> None:
        if not self._peer_ended:
            self._read(True)
            if self._requests.gives_leave():
                self._stream.send(CONTINUE, more=False)
        elif self._requests.is_idle:
            self._last_word_said()
        else:
            self._refuse(MalformedHttpRequest(400, "the request stops in the middle"))

    def _serve(self, received: ReceivedRequest) -> None:
        head = self._head = received.head
        self._is_answering = True
        self.deadline = math.inf
        answer = self._desk.ask(
            Request(
                head.method,
                head.path,
                head.query,
                head.fields,
                received.body,
                self.peer,
                self._reached,
            )
        )
        if isinstance(answer, Reply | FileReply):
            self._send(answer)
        else:
            self._desk.spawn(self._wait_for(answer))

    async def _wait_for(self, answer: Awaitable[Answer]) -> None:
        """A client that goes away meanwhile cancels nothing."""
        known = await self._desk.awaited(answer)
        if not self._is_closed:
            self._guarded(lambda: self._send_and_go_on(known))

    def _send_and_go_on(self, answer: Answer) -> None:
        self._send(answer)
        self._go_on()

    def _refuse(self, error: MalformedHttpRequest) -> None:
        """Nothing more can be read from this client."""
        self._tell(error.status, str(error))
        self._head = replace(_UNREADABLE, method="HEAD" if self._requests.is_of_head else "GET")
        self._is_answering = True
        self._send(text(error.status, str(error)))

    def _tell(self, status: int, reason: str) -> None:
        head = self._requests.head
        asked = "" if head is None else head.path.split("/", 2)[1]
        self._desk.on_event(RequestRefused(self.peer, status, asked, reason))

    def _refuse_late(self) -> None:
        self._refuse(MalformedHttpRequest(408, "the request never came to its end"))

    def _send(self, answer: Answer) -> None:
        now = self._desk.clock()
        out = outgoing(answer, self._head, now, self._desk.date(now))
        self._content, self._file = out.content, out.file
        self._push()

    def _push_and_go_on(self) -> None:
        self._push()
        self._go_on()

    def _push(self) -> None:
        """Send what the kernel takes of the answer, of a file no more than a slice."""
        sent = 0
        if self._content:
            sent = self._stream.send(self._content, more=self._file is not None)
            self._content = memoryview(self._content)[sent:]
        if not self._content and self._file is not None:
            ready = self._file.at_hand()
            if not ready:
                self._wait_for_disk(self._file)
                return
            sent += self._push_slice(self._file, min(_SLICE, ready))
        if not self._content and self._file is None:
            self._answer_sent()
            return
        self._write(True)
        if sent or self.deadline == math.inf:
            self.deadline = self._loop.time() + self._desk.limits.stall

    def _push_slice(self, file: PartOfFile, size: int) -> int:
        sent = self._stream.send_file(file.descriptor, file.position, size)
        file.position += sent
        if not file.left:
            self._drop_file()
        return sent

    def _wait_for_disk(self, file: PartOfFile) -> None:
        self._write(False)
        self.deadline = math.inf
        self._desk.spawn(self._go_on_after(file.reading(), file))

    async def _go_on_after(self, reading: Callable[[bool], None], file: PartOfFile) -> None:
        await self._desk.read(reading)
        if file is self._file:
            self._guarded(self._push_and_go_on)

    def _answer_sent(self) -> None:
        self._write(False)
        self._is_answering = False
        if not self._head.keeps_alive:
            self._last_word_said()
        else:
            limits = self._desk.limits
            self._have_patience(limits.idle if self._requests.is_idle else limits.request)

    def _last_word_said(self) -> None:
        self._stream.end()
        if self._peer_ended:
            self.close()
            return
        self._unread = 0
        self._have_patience(self._desk.limits.linger)
        self._read(True)

    def _drop_file(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _read(self, wanted: bool) -> None:
        if wanted != self._reads:
            self._reads = wanted
            self._watch()

    def _write(self, wanted: bool) -> None:
        if wanted != self._writes:
            self._writes = wanted
            self._watch()

    def _watch(self) -> None:
        events = READS * self._reads | WRITES * self._writes
        if events:
            self._desk.turns.watch(self._descriptor, events, self._ready)
        else:
            self._desk.turns.forget(self._descriptor)
