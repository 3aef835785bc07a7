"""ProxyDHCP's edge: boot information on ports 67 and 4011, and not one address."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Callable
from ipaddress import IPv4Address

from inventory.errors import ProvisionerBug
from provisioner.protocol.dhcp.decision import Answer, Broadcast, Decision, Unicast
from provisioner.protocol.dhcp.event import DhcpEvent, DhcpMessageMalformed, DhcpReplyNotSent
from provisioner.protocol.dhcp.link import Link
from provisioner.protocol.dhcp.message import Message, decode, encode
from provisioner.protocol.dhcp.proxy import BOOT_SERVER_PORT, acknowledged, offered
from provisioner.protocol.dhcp.proxy_narration import told
from provisioner.protocol.errors import MalformedDhcpMessage
from provisioner.serve.bound_socket import bound_socket
from provisioner.serve.faults import Faults
from provisioner.serve.router_absence import RouterAbsence

_LARGEST_DATAGRAM = 65_535
_MOST_AT_ONCE = 32
_SERVER_PORT = 67
_CLIENT_PORT = 68
_IP_PKTINFO = 8
_EVERYBODY = "255.255.255.255"


class ProxyDhcpServer:
    """Serves one interface beside the DHCP server of the site; `on_event` must not block."""

    def __init__(
        self,
        *,
        interface: str,
        address: IPv4Address,
        link: Callable[[], Link],
        clock: Callable[[], float],
        on_event: Callable[[DhcpEvent], None],
    ) -> None:
        self._interface = interface
        self._address = address
        self._link = link
        self._listener = on_event
        self._router_absence = RouterAbsence(interface=interface, clock=clock, on_event=on_event)
        source = struct.pack("=i4s4s", 0, address.packed, b"")
        self._from_our_address = [(socket.IPPROTO_IP, _IP_PKTINFO, source)]
        self._sockets: dict[int, socket.socket] = {}
        self._faults = Faults()

    def bind(self) -> None:
        """Open the sockets, on the interface only. Raises SocketNotBound or InterfaceMissing."""
        try:
            for port in (_SERVER_PORT, BOOT_SERVER_PORT):
                opened = bound_socket(
                    socket.SOCK_DGRAM, self._interface, IPv4Address(0), port, "proxyDHCP"
                )
                opened.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
                self._sockets[port] = opened
            self._router_absence.bind()
        except BaseException:
            self.close()
            raise

    async def serve(self) -> None:
        """Answer until cancelled. `bind` comes first."""
        if not self._sockets:
            raise ProvisionerBug("ProxyDhcpServer.serve before bind")
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._router_absence.serve())
            for port, opened in self._sockets.items():
                tasks.create_task(self._serve(port, opened))

    def close(self) -> None:
        """Close the sockets; harmless when not bound."""
        for opened in self._sockets.values():
            opened.close()
        self._sockets = {}
        self._router_absence.close()

    async def _serve(self, port: int, opened: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        while True:
            for _ in range(_MOST_AT_ONCE):
                data, (peer, peer_port) = await loop.sock_recvfrom(opened, _LARGEST_DATAGRAM)
                try:
                    self._answer(port, opened, data, (IPv4Address(peer), peer_port))
                except Exception as fault:  # a bug costs one message
                    self._faults.tell(fault)
            await asyncio.sleep(0)  # what is there already is received without a turn of the others

    def _answer(
        self, port: int, opened: socket.socket, data: bytes, peer: tuple[IPv4Address, int]
    ) -> None:
        try:
            message = decode(data)
        except MalformedDhcpMessage as error:
            self._on_event(DhcpMessageMalformed(peer[0], str(error)))
            return
        decision = self._decided(port, message, peer)
        if decision is None:
            return
        if isinstance(decision, Answer):
            self._send(opened, decision)
        for event in told(message, decision):
            self._on_event(event)

    def _decided(
        self, port: int, message: Message, peer: tuple[IPv4Address, int]
    ) -> Decision | None:
        served = self._link().netboot
        if served is None:
            return None
        if port == BOOT_SERVER_PORT:
            return acknowledged(message, peer, self._address, served)
        return offered(message, self._address, served)

    def _send(self, opened: socket.socket, answer: Answer) -> None:
        match answer.destination:
            case Unicast(address, port):
                destination = str(address), port
            case Broadcast() | _:
                destination = _EVERYBODY, _CLIENT_PORT
        try:
            opened.sendmsg([encode(answer.reply)], self._from_our_address, 0, destination)
        except OSError as error:
            mac = answer.reply.mac or ""
            self._on_event(DhcpReplyNotSent(mac, error.strerror or type(error).__name__))

    def _on_event(self, event: DhcpEvent) -> None:
        self._router_absence.notice(event)
        self._listener(event)
