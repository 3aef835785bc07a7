"""The DNS server's edge: UDP and TCP on one address."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable
from ipaddress import IPv4Address

from inventory.errors import ProvisionerBug
from provisioner.protocol.dns.answer import answer
from provisioner.protocol.dns.event import DnsEvent, QueryAnswered, QueryMalformed
from provisioner.protocol.dns.zone import Zones
from provisioner.protocol.errors import MalformedDnsMessage
from provisioner.serve.bound_socket import bound_socket
from provisioner.serve.faults import Faults

_LARGEST_DATAGRAM = 65_535
_IDLE = 10.0
"""Seconds that a TCP client may take for its next query (RFC 7766, 6.2.3)."""
_MOST_CONNECTIONS = 128
_AFTER_A_FAILED_ACCEPT = 0.1
"""Seconds."""


class DnsServer:
    """Authoritative for what `zones()` says at the moment of each query; REFUSED for the rest."""

    def __init__(
        self,
        *,
        interface: str,
        address: IPv4Address,
        zones: Callable[[], Zones],
        on_event: Callable[[DnsEvent], None],
        port: int = 53,
    ) -> None:
        self._interface = interface
        self._address = address
        self._zones = zones
        self._on_event = on_event
        self._port = port
        self._udp: socket.socket | None = None
        self._tcp: socket.socket | None = None
        self._faults = Faults()

    def bind(self) -> None:
        """Open UDP and TCP, on the interface only. Raises SocketNotBound or InterfaceMissing."""
        self._udp = self._socket(socket.SOCK_DGRAM)
        try:
            self._tcp = self._socket(socket.SOCK_STREAM)
        except BaseException:
            self.close()
            raise

    async def serve(self) -> None:
        """Answer until cancelled."""
        if self._udp is None or self._tcp is None:
            raise ProvisionerBug("DnsServer.serve before bind")
        loop = asyncio.get_running_loop()
        free = asyncio.Semaphore(_MOST_CONNECTIONS)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._serve_datagrams(self._udp))
            while True:
                await free.acquire()
                try:
                    connection, (peer, _) = await loop.sock_accept(self._tcp)
                except OSError:
                    # The client has gone already, or this process has no descriptor left.
                    free.release()
                    await asyncio.sleep(_AFTER_A_FAILED_ACCEPT)
                    continue
                conversation = self._serve_connection(connection, IPv4Address(peer), free)
                tasks.create_task(conversation)

    def close(self) -> None:
        """Close the sockets; harmless when not bound."""
        for opened in (self._udp, self._tcp):
            if opened is not None:
                opened.close()
        self._udp = self._tcp = None

    def _socket(self, kind: socket.SocketKind) -> socket.socket:
        return bound_socket(kind, self._interface, self._address, self._port, "DNS")

    async def _serve_datagrams(self, udp: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        while True:
            query, peer = await loop.sock_recvfrom(udp, _LARGEST_DATAGRAM)
            wire = self._answer(query, IPv4Address(peer[0]), over_tcp=False)
            if wire is not None:
                # A client that has gone is no matter of ours.
                with contextlib.suppress(OSError):
                    await loop.sock_sendto(udp, wire, peer)

    async def _serve_connection(
        self, connection: socket.socket, peer: IPv4Address, free: asyncio.Semaphore
    ) -> None:
        """Queries one after another, each with its length before it (RFC 1035, 4.2.2), until the
        client closes, stays idle, or says something that is no query."""
        try:
            reader, writer = await asyncio.open_connection(sock=connection)
            with contextlib.closing(writer):
                while wire := await self._next_answer(reader, peer):
                    writer.write(len(wire).to_bytes(2) + wire)
                    await writer.drain()
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            pass
        except Exception as fault:  # a bug costs one connection
            self._faults.tell(fault)
        finally:
            free.release()

    async def _next_answer(self, reader: asyncio.StreamReader, peer: IPv4Address) -> bytes | None:
        async with asyncio.timeout(_IDLE):
            length = int.from_bytes(await reader.readexactly(2))
            query = await reader.readexactly(length)
        return self._answer(query, peer, over_tcp=True)

    def _answer(self, query: bytes, peer: IPv4Address, *, over_tcp: bool) -> bytes | None:
        """The answer; None to what gets none. A bug costs one answer."""
        transport = "tcp" if over_tcp else "udp"
        try:
            answered = answer(query, self._zones(), over_tcp=over_tcp)
            self._on_event(
                QueryAnswered(peer, answered.name, answered.type, answered.result, transport)
            )
        except MalformedDnsMessage as error:
            self._on_event(QueryMalformed(peer, str(error)))
            return None
        except Exception as fault:
            self._faults.tell(fault)
            return None
        return answered.wire
