"""The connection goes to the address, the name is what is verified: against a real TLS server."""

from __future__ import annotations

import asyncio
import ssl
import time
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest

from harmony.domain.capability.kubeconfig_store import Kubeconfig
from harmony.domain.capability.secret_vault import Certificate, CertificateAuthority
from harmony.infra.certificates import new_authority, new_certificate
from harmony.infra.cluster_transport import cluster_transport

pytestmark = pytest.mark.protocol


class Server:
    """Answers each request with the Host header it heard and the client's name."""

    def __init__(self, folder: Path) -> None:
        self.ca = new_authority(CertificateAuthority("ca"), time.time())
        serving = Certificate("ca", "api", dns_names=("api.home.example",), server=True)
        key, certificate = new_certificate(serving, self.ca, time.time())
        admin = Certificate("ca", "admin", client=True)
        self.client = new_certificate(admin, self.ca, time.time())
        (folder / "server.pem").write_text(key + certificate)
        self._context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cadata=self.ca[1])
        self._context.verify_mode = ssl.CERT_REQUIRED
        self._context.load_cert_chain(folder / "server.pem")

    async def asked_by(self, way: Kubeconfig) -> httpx2.Response:
        server = await asyncio.start_server(self._answer, "127.0.0.1", 0, ssl=self._context)
        port = server.sockets[0].getsockname()[1]
        transport = cluster_transport(replace(way, server=f"{way.server}:{port}"))
        async with server, httpx2.AsyncClient(transport=transport, trust_env=False) as client:
            return await client.get(f"{way.server}:{port}/")

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        host = next(line for line in head.splitlines() if line.lower().startswith("host:"))
        subject = writer.get_extra_info("peercert")["subject"]
        body = f"{host.partition(':')[2].strip().partition(':')[0]} {subject[0][0][1]}".encode()
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: ")
        writer.write(f"{len(body)}\r\n\r\n".encode() + body)
        await writer.drain()
        writer.close()

    def way(self, server: str = "https://api.home.example") -> Kubeconfig:
        key, certificate = self.client
        return Kubeconfig("home", server, ("127.0.0.1",), self.ca[1], certificate, key)


def test_the_name_is_kept_and_the_client_known(tmp_path: Path) -> None:
    server = Server(tmp_path)
    answer = asyncio.run(server.asked_by(server.way()))
    assert answer.text == "api.home.example admin"


def test_a_server_of_another_name_is_refused(tmp_path: Path) -> None:
    server = Server(tmp_path)
    with pytest.raises(httpx2.ConnectError, match=r"not valid for 'api\.other\.example'"):
        asyncio.run(server.asked_by(server.way("https://api.other.example")))


def test_another_address_is_tried_where_nobody_listens(tmp_path: Path) -> None:
    server = Server(tmp_path)
    way = replace(server.way(), addresses=("127.0.0.2", "127.0.0.1"))
    assert asyncio.run(server.asked_by(way)).text == "api.home.example admin"
    nobody = replace(server.way(), addresses=("127.0.0.2", "127.0.0.3"))
    with pytest.raises(httpx2.ConnectError):
        asyncio.run(server.asked_by(nobody))


def test_without_addresses_the_resolver_is_asked(tmp_path: Path) -> None:
    server = Server(tmp_path)
    with pytest.raises(httpx2.ConnectError):
        asyncio.run(server.asked_by(replace(server.way(), addresses=())))
