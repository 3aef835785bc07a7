"""A real HTTP server of files that misbehaves as it is told to: http.server, with ranges."""

from __future__ import annotations

import contextlib
import re
import threading
import time
from collections.abc import Generator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from typing_extensions import override


@dataclass
class Behaviour:
    """How a path is served. `cut` sends so many bytes of an answer and closes; `claims` is the
    Content-Length it tells instead of the right one; `pause` seconds between chunks; `silent` never
    answers; the body waits until it is `released`. `cuts` are used up one a request."""

    content: bytes = b""
    etag: str = '"v1"'
    status: int = 200
    location: str = ""
    ranges: bool = True
    chunked: bool = False
    claims: int | None = None
    cuts: list[int] = field(default_factory=list[int])
    pause: float = 0.0
    silent: bool = False
    released: threading.Event | None = None


@dataclass
class FileServer:
    """`asked` has the path, Range and If-Range of each request."""

    url: str
    files: dict[str, Behaviour] = field(default_factory=dict[str, Behaviour])
    asked: list[tuple[str, str, str]] = field(default_factory=list[tuple[str, str, str]])
    closing: threading.Event = field(default_factory=threading.Event)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    served: FileServer

    def do_GET(self) -> None:
        asked = (self.path, self.headers.get("Range", ""), self.headers.get("If-Range", ""))
        self.served.asked.append(asked)
        behaviour = self.served.files.get(self.path, Behaviour(status=404))
        self.close_connection = True
        if behaviour.silent:
            self.served.closing.wait(30)
            return
        with contextlib.suppress(OSError):
            self._answer(behaviour)

    def _answer(self, behaviour: Behaviour) -> None:
        if behaviour.status != 200:
            self.send_response(behaviour.status)
            if behaviour.location:
                self.send_header("Location", behaviour.location)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        first = self._first(behaviour)
        size = len(behaviour.content)
        if first is not None and first >= size:
            self.send_response(416)
            self.send_header("Content-Range", f"bytes */{size}")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        body = behaviour.content[first or 0 :]
        self.send_response(200 if first is None else 206)
        if first is not None:
            self.send_header("Content-Range", f"bytes {first}-{size - 1}/{size}")
        if behaviour.etag:
            self.send_header("ETag", behaviour.etag)
        self._send(behaviour, body)

    def _send(self, behaviour: Behaviour, body: bytes) -> None:
        if behaviour.chunked:
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.write(b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body))
            return
        claims = len(body) if behaviour.claims is None else behaviour.claims
        self.send_header("Content-Length", str(claims))
        self.end_headers()
        if behaviour.released is not None:
            behaviour.released.wait(30)
        until = behaviour.cuts.pop(0) if behaviour.cuts else len(body)
        for at in range(0, min(until, len(body)), 65_536):
            self.wfile.write(body[at : min(at + 65_536, until)])
            if behaviour.pause:
                time.sleep(behaviour.pause)

    def _first(self, behaviour: Behaviour) -> int | None:
        found = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        condition = self.headers.get("If-Range", behaviour.etag)
        if found is None or not behaviour.ranges or condition != behaviour.etag:
            return None
        return int(found[1])

    @override
    def end_headers(self) -> None:
        self.send_header("Connection", "close")
        super().end_headers()

    @override
    def log_message(self, format: str, *args: Any) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    @override
    def handle_error(self, request: Any, client_address: Any) -> None:
        pass  # clients that are killed


@contextlib.contextmanager
def file_server() -> Generator[FileServer]:
    """On loopback, on a port that the kernel chooses."""

    class Handler(_Handler):
        pass

    with _Server(("127.0.0.1", 0), Handler) as server:
        served = FileServer(f"http://127.0.0.1:{server.server_address[1]}")
        Handler.served = served
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield served
        finally:
            served.closing.set()
            server.shutdown()
            thread.join()
