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
from tests.namespaces import NetworkNamespace


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
    """`well` is what it says at the path `health`; every other is answered with its name, and `/watch` keeps
    the connection until the other side ends it. Without `tls` the same in plain."""

    name: str
    health: str = "/readyz"
    tls: bool = True
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
        if not self.tls:
            self._say(connection)
            return
        with server_context().wrap_socket(connection, server_side=True) as tls:
            self._say(tls)
            tls.unwrap()

    def _say(self, connection: socket.socket) -> None:
        path = _read(connection).split(b" ")[1].decode()
        known = path in (self.health, "/", "/watch")
        status = "200 OK" if known and (self.well or path != self.health) else "503 no"
        connection.sendall(f"HTTP/1.0 {status}\r\n\r\n{self.name}".encode())
        if path == "/watch":
            while connection.recv(4096):
                pass


def _read(connection: socket.socket) -> bytes:
    head = b""
    while b"\r\n\r\n" not in head:
        part = connection.recv(4096)
        if not part:
            raise ConnectionError("nothing was asked")
        head += part
    return head


@contextlib.contextmanager
def tls_server(name: str) -> Generator[TlsServer]:
    """Listens at a free port of loopback until the block ends."""
    server = TlsServer(name)
    with listening(server, ("127.0.0.1", 0)):
        yield server


@contextlib.contextmanager
def listening(
    server: TlsServer, place: tuple[str, int], station: NetworkNamespace | None = None
) -> Generator[None]:
    """Answers at an address and port, of a station where one is given, until the block ends."""

    class Handler(socketserver.BaseRequestHandler):
        @override
        def handle(self) -> None:
            server.answer(self.request)

    def bound() -> _Threads:
        return _Threads(place, Handler)

    with bound() if station is None else station.call(bound) as listener:
        server.listener = listener
        thread = threading.Thread(target=listener.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield
        finally:
            listener.shutdown()
            thread.join()


def opened(
    port: int, path: str = "/", source: str = "127.0.0.1", at: str = "127.0.0.1"
) -> ssl.SSLSocket:
    """A connection on which `path` was asked for. Raises OSError."""
    plain = socket.socket()
    plain.bind((source, 0))
    tls = client_context().wrap_socket(plain)
    try:
        tls.settimeout(10)
        tls.connect((at, port))
        tls.sendall(f"GET {path} HTTP/1.0\r\n\r\n".encode())
    except OSError:
        tls.close()
        raise
    return tls


def fetched(port: int, source: str = "127.0.0.1", at: str = "127.0.0.1") -> str:
    """The name of the server that answered. Raises OSError."""
    with opened(port, source=source, at=at) as tls:
        parts = b""
        while part := tls.recv(4096):
            parts += part
    return parts.partition(b"\r\n\r\n")[2].decode()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
