"""The DHCP server's edge: datagrams in, decisions made by the engine, one commit, replies out."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from ipaddress import IPv4Address
from typing import assert_never

from inventory.errors import ProvisionerBug
from provisioner.protocol.dhcp.decision import Answer, Broadcast, Unicast, UnicastFrame
from provisioner.protocol.dhcp.event import (
    DhcpEvent,
    DhcpMessageMalformed,
    DhcpReplyNotSent,
    LeaseCommitFailed,
)
from provisioner.protocol.dhcp.lease import LeaseTable
from provisioner.protocol.dhcp.link import Link
from provisioner.protocol.dhcp.message import Message, decode, encode
from provisioner.protocol.errors import MalformedDhcpMessage
from provisioner.serve.bound_socket import bound_socket
from provisioner.serve.errors import LeasesNotCommitted
from provisioner.serve.faults import Faults
from provisioner.serve.lease_pipeline import Batch, LeasePipeline, LeaseStore
from provisioner.serve.raw_frame import (
    BROADCAST_MAC,
    Datagram,
    build,
    interface_mac,
    open_frame_socket,
)
from provisioner.serve.relayed_networks import RelayedNetwork, Sorted, by_network
from provisioner.serve.router_absence import RouterAbsence

_LARGEST_DATAGRAM = 65_535
_LARGEST_BATCH = 64
"""More replies at once than this overflow the receive buffer of a relay that serves a whole building."""
_RECEIVE_BUFFER = 8 << 20
"""Bytes: a whole site that starts up in one second after a power cut, while one batch is answered."""
_SO_RCVBUFFORCE = 33
_CLIENT_PORT = 68
_IP_PKTINFO = 8
_EVERYBODY = "255.255.255.255"


class DhcpServer:
    """Serves one interface, and by its relays the networks `behind` it. `link` is asked anew for every
    batch, and so is `behind`; `clock` gives epoch seconds; `on_event` must not block."""

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
        behind: Callable[[], Sequence[RelayedNetwork]] = tuple,
        port: int = 67,
    ) -> None:
        self._interface = interface
        self._address = address
        self._listener = on_event
        self._port = port
        self._router_absence = RouterAbsence(interface=interface, clock=clock, on_event=on_event)
        self._faults = Faults()
        pipeline = LeasePipeline(
            link=link, leases=leases, store=store, clock=clock, faults=self._faults
        )
        self._local, self._behind = RelayedNetwork(link, pipeline), behind
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
                messages = self._decoded((first, *_waiting(udp)))
                its_networks = self._sorted(messages)
                if (
                    not its_networks
                ):  # nothing but nonsense, be it without end: others have their turn
                    await asyncio.sleep(0)
                for pipeline, its in its_networks:
                    try:
                        batch = pipeline.decide(its)
                    except Exception as fault:  # a bug costs one batch: its clients ask again
                        self._faults.tell(fault)
                        continue
                    tasks.create_task(self._answer(pipeline, batch))
                    await asyncio.sleep(0)  # the disk is to begin before the next batch is decided
                    await pipeline.ready()

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

    def _decoded(self, datagrams: Iterable[tuple[bytes, tuple[str, int]]]) -> list[Message]:
        messages: list[Message] = []
        for data, (peer, _) in datagrams:
            try:
                messages.append(decode(data))
            except MalformedDhcpMessage as error:
                self._on_event(DhcpMessageMalformed(IPv4Address(peer), str(error)))
            except Exception as fault:  # a bug costs one message
                self._faults.tell(fault)
        return messages

    def _sorted(self, messages: Sequence[Message]) -> Sequence[Sorted]:
        try:
            return tuple(by_network(messages, self._local, self._behind()))
        except Exception as fault:  # a bug costs one batch
            self._faults.tell(fault)
            return ()

    async def _answer(self, pipeline: LeasePipeline, batch: Batch) -> None:
        """Commit, then send, then tell."""
        try:
            await pipeline.commit(batch)
        except LeasesNotCommitted as error:
            self._on_event(LeaseCommitFailed(len(batch.answers), str(error)))
            return
        except Exception as fault:  # a bug costs one batch
            self._faults.tell(fault)
            return
        for answer in batch.answers:
            self._send(answer)
        for event in batch.events:
            self._on_event(event)

    def _on_event(self, event: DhcpEvent) -> None:
        self._router_absence.notice(event)
        self._listener(event)

    def _send(self, answer: Answer) -> None:
        try:
            payload = encode(answer.reply)
            match answer.destination:
                case Broadcast():
                    self._send_to_all(payload)
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

    def _send_to_all(self, payload: bytes) -> None:
        """As a frame where the socket is full of replies to relays whose MACs the kernel still asks for:
        anybody may say that he is a relay."""
        try:
            self._send_datagram(payload, (_EVERYBODY, _CLIENT_PORT))
        except BlockingIOError:
            self._send_frame(payload, BROADCAST_MAC, IPv4Address(_EVERYBODY))

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
