"""Servers that do only a part of what they should."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Generator
from pathlib import Path

from tests.namespaces import NetworkNamespace

_TFTP = """
import socket, sys
requests = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
requests.bind(("0.0.0.0", 69))
print("ready", flush=True)
while True:
    _, peer = requests.recvfrom(2048)
    if "answers" in sys.argv:
        fresh = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        fresh.bind(("0.0.0.0", 0))
        fresh.sendto(b"\\0\\6blksize\\0001468\\0tsize\\0005000\\0", peer)
"""
_WEB = """
import sys
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
class Server(ThreadingHTTPServer):
    def server_bind(self):
        self.socket.bind(self.server_address)  # asks no name server for its own name
server = Server(("0.0.0.0", 80), SimpleHTTPRequestHandler)
print("ready", flush=True)
server.serve_forever()
"""


@contextlib.contextmanager
def half_tftp_server(station: NetworkNamespace, *, answers: bool) -> Generator[None]:
    """As behind a firewall: it hears requests, and never an acknowledgement. With `answers` its OACK
    goes out."""
    with _running(station, _TFTP, "answers" if answers else "silent"):
        yield


@contextlib.contextmanager
def web_server(station: NetworkNamespace, folder: Path) -> Generator[None]:
    """The standard library's, over a folder."""
    with _running(station, f"import os; os.chdir({str(folder)!r})\n{_WEB}"):
        yield


@contextlib.contextmanager
def _running(station: NetworkNamespace, code: str, *arguments: str) -> Generator[None]:
    running = station.start(sys.executable, "-c", code, *arguments)
    assert running.stdout is not None
    assert running.stdout.readline() == "ready\n"
    try:
        yield
    finally:
        running.kill()
        running.wait()
