"""The daemon's side of the agent's conversation, by hand: answers what it was given, keeps what it heard."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from typing_extensions import override

from provisioner.agent.messages import Order, Wait

TOKEN = "0123456789abcdef"


@dataclass
class Heard:
    """One POST of the agent."""

    path: str
    body: dict[str, Any]
    at: float


@dataclass
class DaemonPeer:
    """`orders` are given one after the other, each once; then the agent waits. `ahead` is this daemon's
    clock against the real one, in seconds. `break_after` breaks the first download after so many bytes;
    `busy` files are answered with 503 first."""

    files: Mapping[str, bytes]
    orders: list[Order] = field(default_factory=list[Order])
    ahead: float = 0.0
    break_after: int | None = None
    busy: int = 0
    knows_ranges: bool = True
    heard: list[Heard] = field(default_factory=list[Heard])
    port: int = 0
    changed: threading.Condition = field(default_factory=threading.Condition)

    def wait_for(self, path: str, seconds: float) -> Heard:
        """The first POST to `path`; fails after `seconds`."""
        with self.changed:
            found = self.changed.wait_for(lambda: self._first(path), timeout=seconds)
            assert found, f"no {path} within {seconds} s; heard {[h.path for h in self.heard]}"
            return found

    def give(self, *orders: Order) -> None:
        """Orders for the next questions."""
        with self.changed:
            self.orders.extend(orders)

    def _first(self, path: str) -> Heard | None:
        return next((heard for heard in self.heard if heard.path == path), None)

    def keep(self, heard: Heard) -> None:
        with self.changed:
            self.heard.append(heard)
            self.changed.notify_all()

    def next_order(self) -> Order:
        with self.changed:
            return self.orders.pop(0) if self.orders else Wait("the test", retry_after=0.5)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    peer: DaemonPeer

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if not self._is_authorized():
            return
        self.peer.keep(Heard(self.path, body, time.monotonic()))
        self._answer_json({"server_time": time.time() + self.peer.ahead})

    def do_GET(self) -> None:
        if self.path == "/agent/order":
            if self._is_authorized():
                self._answer_json(asdict(self.peer.next_order()))
        elif self.peer.busy:
            self.peer.busy -= 1
            self.send_error(503)
        elif self.path in self.peer.files:
            self._answer_file(self.peer.files[self.path])
        else:
            self.send_error(404)

    def _is_authorized(self) -> bool:
        if self.headers["Authorization"] == f"Bearer {TOKEN}":
            return True
        self.send_error(401)
        return False

    def _answer_json(self, document: object) -> None:
        body = json.dumps(document).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _answer_file(self, content: bytes) -> None:
        start = 0
        if (wanted := self.headers["Range"]) is not None and self.peer.knows_ranges:
            start = int(wanted.removeprefix("bytes=").removesuffix("-"))
        if start >= len(content):
            self.send_error(416)
            return
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        end = len(content)
        if self.peer.break_after is not None and len(content) > self.peer.break_after:
            end, self.peer.break_after = start + self.peer.break_after, None
            self.close_connection = True
        self.wfile.write(content[start:end])

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    @override
    def handle_error(self, request: Any, client_address: Any) -> None:
        """An agent that hangs up in the middle of an answer is what some tests are about."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def serving(peer: DaemonPeer, port: int = 0) -> Generator[DaemonPeer]:
    """`peer` on a port of the loopback interface."""
    handler = type("Handler", (_Handler,), {"peer": peer})
    server = _Server(("127.0.0.1", port), handler)
    peer.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield peer
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
