"""A server behind a load balancer: it tells its name by TLS, and whether it is well."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import ssl
import threading
from collections.abc import Generator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from typing_extensions import override

from harmony.domain.capability.load_balancer import Server
from harmony.domain.capability.secret_vault import CertificateAuthority
from harmony.infra.certificates import new_authority


@cache
def server_context() -> ssl.SSLContext:
    """With a certificate that nobody trusts, of a day in 2026 on."""
    key, certificate = new_authority(CertificateAuthority("nobody"), 1_790_000_000.0)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with TemporaryDirectory() as folder:
        pem = Path(folder, "pem")
        pem.write_text(key + certificate)
        context.load_cert_chain(pem)
    return context


@cache
def client_context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


class _Threads(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@dataclass
class TlsServer:
    """`well` is what it says at `/readyz`; every other path is answered with its name, and `/watch` keeps
    the connection until the other side ends it."""

    name: str
    well: bool = True
    listener: _Threads | None = field(default=None, repr=False)

    @property
    def port(self) -> int:
        assert self.listener is not None
        return int(self.listener.server_address[1])

    def server(self, drained: bool = False) -> Server:
        return Server(self.name, "127.0.0.1", self.port, drained)

    def answer(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError):
            connection.getpeername()  # ssl would leave it open if it was reset already
            self._answer(connection)

    def _answer(self, connection: socket.socket) -> None:
        with (
            contextlib.suppress(OSError),
            server_context().wrap_socket(connection, server_side=True) as tls,
        ):
            path = _read(tls).split(b" ")[1]
            status = b"503 no" if path == b"/readyz" and not self.well else b"200 OK"
            tls.sendall(b"HTTP/1.0 " + status + b"\r\n\r\n" + self.name.encode())
            if path == b"/watch":
                while tls.recv(4096):
                    pass
            tls.unwrap()


def _read(tls: ssl.SSLSocket) -> bytes:
    head = b""
    while b"\r\n\r\n" not in head:
        part = tls.recv(4096)
        if not part:
            raise ConnectionError("nothing was asked")
        head += part
    return head


@contextlib.contextmanager
def tls_server(name: str) -> Generator[TlsServer]:
    """Listens at a free port of loopback until the block ends."""
    server = TlsServer(name)

    class Handler(socketserver.BaseRequestHandler):
        @override
        def handle(self) -> None:
            server.answer(self.request)

    with _Threads(("127.0.0.1", 0), Handler) as listener:
        server.listener = listener
        thread = threading.Thread(target=listener.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield server
        finally:
            listener.shutdown()
            thread.join()


def opened(port: int, path: str = "/", source: str = "127.0.0.1") -> ssl.SSLSocket:
    """A connection on which `path` was asked for. Raises OSError."""
    plain = socket.socket()
    plain.bind((source, 0))
    tls = client_context().wrap_socket(plain)
    try:
        tls.settimeout(10)
        tls.connect(("127.0.0.1", port))
        tls.sendall(f"GET {path} HTTP/1.0\r\n\r\n".encode())
    except OSError:
        tls.close()
        raise
    return tls


def fetched(port: int, source: str = "127.0.0.1") -> str:
    """The name of the server that answered. Raises OSError."""
    with opened(port, source=source) as tls:
        parts = b""
        while part := tls.recv(4096):
            parts += part
    return parts.partition(b"\r\n\r\n")[2].decode()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
