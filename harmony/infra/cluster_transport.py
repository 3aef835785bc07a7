"""How a client reaches a cluster by its DNS name when the local resolver doesn't know that name.

The connection goes to the address that our own records give, while TLS and the Host header keep the
name: what is verified is what the kubeconfig says.
"""

from __future__ import annotations

import ssl
from contextlib import suppress
from tempfile import NamedTemporaryFile

import httpx2
from typing_extensions import override

from harmony.domain.capability.kubeconfig_store import Kubeconfig


def cluster_transport(way: Kubeconfig) -> httpx2.AsyncBaseTransport:
    """A transport that speaks TLS as the user of `way` and trusts its CA alone."""
    # An emulated API server answers late, but idle connections to it are worth keeping:
    # a TLS handshake costs it more than the request.
    limits = httpx2.Limits(max_connections=4, max_keepalive_connections=4, keepalive_expiry=60.0)
    inner = httpx2.AsyncHTTPTransport(verify=_context(way), limits=limits)
    return _ByAddress(inner, way.addresses) if way.addresses else inner


class _ByAddress(httpx2.AsyncBaseTransport):
    """Each request goes to the first of `addresses` that takes a connection; the next begins there."""

    def __init__(self, inner: httpx2.AsyncBaseTransport, addresses: tuple[str, ...]) -> None:
        self._inner = inner
        self._addresses = addresses

    @override
    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        request.extensions = {**request.extensions, "sni_hostname": request.url.host}
        *before_the_last, last = self._addresses
        for address in before_the_last:
            with suppress(httpx2.ConnectError, httpx2.ConnectTimeout):
                return await self._ask(address, request)
        return await self._ask(last, request)

    async def _ask(self, address: str, request: httpx2.Request) -> httpx2.Response:
        request.url = request.url.copy_with(host=address)
        answer = await self._inner.handle_async_request(request)
        self._addresses = (address, *(one for one in self._addresses if one != address))
        return answer

    @override
    async def aclose(self) -> None:
        await self._inner.aclose()


def _context(way: Kubeconfig) -> ssl.SSLContext:
    context = ssl.create_default_context(cadata=way.ca_certificate)
    # OpenSSL loads a client's certificate from files only; this one is 0600 and gone at once.
    with NamedTemporaryFile("w", suffix=".pem") as file:
        file.write(way.client_certificate + way.client_key)
        file.flush()
        context.load_cert_chain(file.name)
    return context
