"""The DHCP server's edge: datagrams in, decisions made by the engine, one commit, replies out."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from typing import Protocol, assert_never

from inventory.errors import ProvisionerBug
from provisioner.protocol.dhcp.decision import (
    Answer,
    Broadcast,
    Decision,
    Unicast,
    UnicastFrame,
)
from provisioner.protocol.dhcp.engine import decide
from provisioner.protocol.dhcp.event import (
    DhcpEvent,
    DhcpMessageMalformed,
    DhcpReplyNotSent,
    LeaseCommitFailed,
)
from provisioner.protocol.dhcp.lease import DurableChange, LeaseChange, LeaseTable, Offered
from provisioner.protocol.dhcp.link import Link
from provisioner.protocol.dhcp.message import Message, decode, encode
from provisioner.protocol.dhcp.narration import heard, outcome
from provisioner.protocol.errors import MalformedDhcpMessage
from provisioner.serve.bound_socket import bound_socket
from provisioner.serve.errors import LeasesNotCommitted
from provisioner.serve.faults import Faults
from provisioner.serve.raw_frame import Datagram, build, interface_mac, open_frame_socket
from provisioner.serve.router_absence import RouterAbsence

_LARGEST_DATAGRAM = 65_535
_LARGEST_BATCH = 256
_RECEIVE_BUFFER = 8 << 20
"""Bytes: a whole site that starts up in one second after a power cut, while one batch is answered."""
_SO_RCVBUFFORCE = 33
_CLIENT_PORT = 68
_IP_PKTINFO = 8
_EVERYBODY = "255.255.255.255"


class LeaseStore(Protocol):
    """Where leases outlive the daemon."""

    async def commit(self, changes: Sequence[DurableChange]) -> None:
        """All or nothing, durable when it returns. Raises LeasesNotCommitted."""
        ...


@dataclass(slots=True)
class _Batch:
    """What one turn's datagrams come to. Events are kept back until what they tell has happened."""

    changes: list[LeaseChange] = field(default_factory=list[LeaseChange])
    answers: list[Answer] = field(default_factory=list[Answer])
    events: list[DhcpEvent] = field(default_factory=list[DhcpEvent])

    @property
    def durable(self) -> list[DurableChange]:
        return [change for change in self.changes if not isinstance(change, Offered)]

    def add(self, message: Message, decision: Decision) -> None:
        self.events.extend((*heard(message, decision), *outcome(message, decision)))
        if decision.lease_change is not None:
            self.changes.append(decision.lease_change)
        if isinstance(decision, Answer):
            self.answers.append(decision)


class DhcpServer:
    """Serves one interface. `link` is asked anew for every batch, so that reservations and the
    presence of foreign servers follow the daemon's state; `clock` gives epoch seconds; `on_event`
    must not block."""

    def __init__(
        self,
        *,
        interface: str,
        address: IPv4Address,
        link: Callable[[], Link],
        leases: LeaseTable,
        store: LeaseStore,
        clock: Callable[[], float],
        on_event: Callable[[DhcpEvent], None],
        port: int = 67,
    ) -> None:
        self._interface = interface
        self._address = address
        self._link = link
        self._leases = leases
        self._store = store
        self._clock = clock
        self._listener = on_event
        self._port = port
        self._router_absence = RouterAbsence(interface=interface, clock=clock, on_event=on_event)
        self._faults = Faults()
        source = struct.pack("=i4s4s", 0, address.packed, b"")
        self._from_our_address = [(socket.IPPROTO_IP, _IP_PKTINFO, source)]
        self._udp: socket.socket | None = None
        self._frames: socket.socket | None = None

    def bind(self) -> None:
        """Open the sockets, on the interface only. Raises SocketNotBound or InterfaceMissing.

        The UDP socket has the unspecified address, because a broadcast reaches no other.
        """
        self._udp = bound_socket(
            socket.SOCK_DGRAM, self._interface, IPv4Address(0), self._port, "DHCP"
        )
        self._udp.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        try:
            _enlarge(self._udp)
            self._frames = open_frame_socket(self._interface)
            self._router_absence.bind()
        except BaseException:
            self.close()
            raise

    async def serve(self) -> None:
        """Answer until cancelled. `bind` comes first."""
        udp = self._bound()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._router_absence.serve())
            loop = asyncio.get_running_loop()
            while True:
                first = await loop.sock_recvfrom(udp, _LARGEST_DATAGRAM)
                try:
                    await self._answer([first, *_waiting(udp)])
                except Exception as fault:  # a bug costs one batch: its clients ask again
                    self._faults.tell(fault)

    def close(self) -> None:
        """Close the sockets; harmless when not bound."""
        for opened in (self._udp, self._frames):
            if opened is not None:
                opened.close()
        self._udp = self._frames = None
        self._router_absence.close()

    def _bound(self) -> socket.socket:
        if self._udp is None:
            raise ProvisionerBug("DhcpServer.serve before bind")
        return self._udp

    async def _answer(self, datagrams: Sequence[tuple[bytes, tuple[str, int]]]) -> None:
        """Decide every datagram, commit once, then apply, send and tell, in that order."""
        batch = self._decided(datagrams)
        try:
            if batch.durable:
                await self._store.commit(batch.durable)
        except LeasesNotCommitted as error:
            self._leases.discard()
            self._on_event(LeaseCommitFailed(len(batch.answers), str(error)))
            return
        for change in batch.changes:
            self._leases.apply(change)
        for answer in batch.answers:
            self._send(answer)
        for event in batch.events:
            self._on_event(event)

    def _decided(self, datagrams: Sequence[tuple[bytes, tuple[str, int]]]) -> _Batch:
        batch, draft = _Batch(), self._leases.draft()
        link, now = self._link(), self._clock()
        for data, (peer, _) in datagrams:
            try:
                message = decode(data)
                decision = decide(message, link, draft, now)
                batch.add(message, decision)
                if decision.lease_change is not None:
                    draft.apply(decision.lease_change)
            except MalformedDhcpMessage as error:
                batch.events.append(DhcpMessageMalformed(IPv4Address(peer), str(error)))
            except Exception as fault:  # a bug costs one message
                self._faults.tell(fault)
        return batch

    def _on_event(self, event: DhcpEvent) -> None:
        self._router_absence.notice(event)
        self._listener(event)

    def _send(self, answer: Answer) -> None:
        try:
            payload = encode(answer.reply)
            match answer.destination:
                case Broadcast():
                    self._send_datagram(payload, (_EVERYBODY, _CLIENT_PORT))
                case Unicast(address, port):
                    self._send_datagram(payload, (str(address), port))
                case UnicastFrame(mac, address):
                    self._send_frame(payload, bytes.fromhex(mac.replace(":", "")), address)
                case _:
                    assert_never(answer.destination)
        except OSError as error:
            mac_text = answer.reply.mac or ""
            self._on_event(DhcpReplyNotSent(mac_text, error.strerror or type(error).__name__))
        except Exception as fault:  # a bug costs one reply
            self._faults.tell(fault)

    def _send_datagram(self, payload: bytes, destination: tuple[str, int]) -> None:
        """The source address is said explicitly: the interface may have others."""
        self._bound().sendmsg([payload], self._from_our_address, 0, destination)

    def _send_frame(self, payload: bytes, mac: bytes, address: IPv4Address) -> None:
        if self._frames is None:
            raise ProvisionerBug("DhcpServer sends before bind")
        own = interface_mac(self._frames)
        frame = Datagram(own, mac, self._address, self._port, address, _CLIENT_PORT, payload)
        self._frames.send(build(frame))


def _enlarge(udp: socket.socket) -> None:
    """Beyond the kernel's usual limit where that is permitted."""
    udp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
    with contextlib.suppress(PermissionError):
        udp.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, _RECEIVE_BUFFER)


def _waiting(udp: socket.socket) -> Iterator[tuple[bytes, tuple[str, int]]]:
    """The datagrams that are there already, up to a batch."""
    for _ in range(_LARGEST_BATCH - 1):
        try:
            yield udp.recvfrom(_LARGEST_DATAGRAM)
        except BlockingIOError:
            return
