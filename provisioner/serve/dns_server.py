"""The DNS server's edge: UDP and TCP on one address."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time
from collections.abc import Callable
from ipaddress import IPv4Address

from inventory.errors import ProvisionerBug
from provisioner.protocol.dns.answer import LONGEST_QUERY, Elsewhere
from provisioner.protocol.dns.event import DnsEvent
from provisioner.protocol.dns.name_service import NameService
from provisioner.serve.bound_socket import bound_socket
from provisioner.serve.dns_connections import DnsConnections
from provisioner.serve.dns_desk import DnsDesk
from provisioner.serve.dns_upstream import Upstream

_ONE_MORE = LONGEST_QUERY + 1
"""Bytes: whatever is longer is answered by its header."""
_AT_ONCE = 64
"""Queries that are answered before anybody else has a turn."""
_WAITING_QUERIES = 1 << 20
"""Bytes that the kernel keeps for us meanwhile."""
_Peer = tuple[str, int]


class DnsServer:
    """Goes by what `service()` says at the moment of each query."""

    def __init__(
        self,
        *,
        interface: str,
        address: IPv4Address,
        service: Callable[[], NameService],
        on_event: Callable[[DnsEvent], None],
        port: int = 53,
    ) -> None:
        self._interface = interface
        self._address = address
        self._port = port
        self._desk = DnsDesk(service, on_event, time.monotonic, Upstream().ask)
        self._udp: socket.socket | None = None
        self._tcp: socket.socket | None = None
        self._stop_reading: Callable[[], object] | None = None

    def bind(self) -> None:
        """Open UDP and TCP, on the interface only. Raises SocketNotBound or InterfaceMissing."""
        self._udp = self._socket(socket.SOCK_DGRAM)
        try:
            self._udp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _WAITING_QUERIES)
            self._tcp = self._socket(socket.SOCK_STREAM)
        except BaseException:
            self.close()
            raise

    async def serve(self) -> None:
        """Answer until cancelled."""
        udp, tcp = self._udp, self._tcp
        if udp is None or tcp is None:
            raise ProvisionerBug("DnsServer.serve before bind")
        loop = asyncio.get_running_loop()
        connections = DnsConnections(tcp, self._answer_by_tcp, self._desk.faults)
        async with asyncio.TaskGroup() as tasks:
            self._desk.forwarder.start(tasks)
            loop.add_reader(udp, self._answer_datagrams, udp, tasks)
            self._stop_reading = lambda: loop.remove_reader(udp)
            try:
                await connections.serve()
            finally:
                self._read_no_more()

    def close(self) -> None:
        """Close the sockets; harmless when not bound."""
        self._read_no_more()
        for opened in (self._udp, self._tcp):
            if opened is not None:
                opened.close()
        self._udp = self._tcp = None

    def _read_no_more(self) -> None:
        """Before the socket is closed: its number may be another one's the moment after."""
        if self._stop_reading is not None:
            self._stop_reading()
        self._stop_reading = None

    def _socket(self, kind: socket.SocketKind) -> socket.socket:
        return bound_socket(kind, self._interface, self._address, self._port, "DNS")

    def _answer_datagrams(self, udp: socket.socket, tasks: asyncio.TaskGroup) -> None:
        """Those that are there, up to a bound: the loop's own way costs ten times as much for each."""
        for _ in range(_AT_ONCE):
            try:
                query, peer = udp.recvfrom(_ONE_MORE)
            except OSError:  # there is none, or the interface has gone
                return
            answer = self._desk.at_once(query, peer[0], over_tcp=False)
            if isinstance(answer, bytes):
                _send(udp, answer, peer)
            elif answer is not None:
                tasks.create_task(self._answer_later(udp, answer, peer))

    async def _answer_later(self, udp: socket.socket, wanted: Elsewhere, peer: _Peer) -> None:
        answer = await self._desk.later(wanted, peer[0])
        if answer is not None:
            _send(udp, answer, peer)

    async def _answer_by_tcp(self, query: bytes, peer: str) -> bytes | None:
        answer = self._desk.at_once(query, peer, over_tcp=True)
        return await self._desk.later(answer, peer) if isinstance(answer, Elsewhere) else answer


def _send(udp: socket.socket, answer: bytes, peer: _Peer) -> None:
    """A client that has gone is no matter of ours, nor a queue that is full: it asks again."""
    with contextlib.suppress(OSError):
        udp.sendto(answer, peer)
