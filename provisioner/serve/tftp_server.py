"""The TFTP server's edge: one socket for requests, one for each transfer."""

from __future__ import annotations

import asyncio
import mmap
import socket
from collections.abc import Callable
from ipaddress import IPv4Address
from pathlib import Path
from typing import TypeAlias

from inventory.errors import ProvisionerBug
from provisioner.protocol.errors import MalformedTftpPacket
from provisioner.protocol.tftp.event import (
    FileMissing,
    FileSent,
    SizeProbed,
    TftpEvent,
    TftpRequestRefused,
    TransferFailed,
)
from provisioner.protocol.tftp.negotiation import negotiate
from provisioner.protocol.tftp.packet import (
    Error,
    ErrorCode,
    Packet,
    ReadRequest,
    decode,
    encode,
)
from provisioner.protocol.tftp.request import refusal, safe_path, to_netascii
from provisioner.protocol.tftp.transfer import (
    Completed,
    Content,
    Failed,
    Probed,
    Sending,
    Step,
    received,
    start,
    time_is_up,
)
from provisioner.serve.bound_socket import bound_socket
from provisioner.serve.errors import InterfaceMissing, SocketNotBound
from provisioner.serve.faults import Faults

OpenFile: TypeAlias = Callable[[str, IPv4Address], bytes | Path | None]
_Peer: TypeAlias = tuple[str, int]

_LARGEST_DATAGRAM = 65_535
_LARGEST_BLOCK = 1468
"""Bytes that fit a 1,500 byte MTU with the IPv4, UDP and TFTP headers."""
_MOST_TRANSFERS = 512
_MOST_OF_ONE_PEER = 16


class TftpServer:
    """Serves reads on one interface. `open_file(path, peer)` gets a path without leading slash, `.`
    or `..` and answers with the bytes, a file, or None (not found: ERROR 1 at once)."""

    def __init__(
        self,
        *,
        interface: str,
        address: IPv4Address,
        open_file: OpenFile,
        on_event: Callable[[TftpEvent], None],
        port: int = 69,
    ) -> None:
        self._interface = interface
        self._address = address
        self._open_file = open_file
        self._on_event = on_event
        self._port = port
        self._requests: socket.socket | None = None
        self._under_way: set[_Peer] = set()
        self._faults = Faults()

    def bind(self) -> None:
        """Open the request socket, on the interface only. Raises SocketNotBound or
        InterfaceMissing."""
        self._requests = self._socket(self._port)

    async def serve(self) -> None:
        """Answer until cancelled; transfers under way end with it."""
        if self._requests is None:
            raise ProvisionerBug("TftpServer.serve before bind")
        loop = asyncio.get_running_loop()
        async with asyncio.TaskGroup() as transfers:
            while True:
                data, peer = await loop.sock_recvfrom(self._requests, _LARGEST_DATAGRAM)
                if self._has_room_for(peer):
                    self._under_way.add(peer)
                    transfers.create_task(self._conversation(data, peer))

    def close(self) -> None:
        """Close the request socket; harmless when not bound."""
        if self._requests is not None:
            self._requests.close()
            self._requests = None

    def _has_room_for(self, peer: _Peer) -> bool:
        """A request that is repeated while it is answered starts no second transfer."""
        of_this_peer = sum(address == peer[0] for address, _ in self._under_way)
        return (
            peer not in self._under_way
            and of_this_peer < _MOST_OF_ONE_PEER
            and len(self._under_way) < _MOST_TRANSFERS
        )

    def _socket(self, port: int) -> socket.socket:
        return bound_socket(socket.SOCK_DGRAM, self._interface, self._address, port, "TFTP")

    async def _conversation(self, data: bytes, peer: _Peer) -> None:
        """Everything that one request leads to, on a port of its own (RFC 1350, 4)."""
        try:
            with self._socket(0) as own:
                own.connect(peer)
                await self._answer(own, data, IPv4Address(peer[0]))
        except (OSError, SocketNotBound, InterfaceMissing) as error:
            self._on_event(TftpRequestRefused(IPv4Address(peer[0]), str(error)))
        except Exception as fault:  # a bug costs one transfer
            self._faults.tell(fault)
        finally:
            self._under_way.discard(peer)

    async def _answer(self, own: socket.socket, data: bytes, peer: IPv4Address) -> None:
        try:
            packet = decode(data)
        except MalformedTftpPacket as error:
            self._on_event(TftpRequestRefused(peer, str(error)))
            return
        refused = refusal(packet)
        if refused is not None:
            await self._refuse(own, peer, refused)
        elif isinstance(packet, ReadRequest):
            await self._read(own, packet, peer)

    async def _read(self, own: socket.socket, request: ReadRequest, peer: IPv4Address) -> None:
        path = safe_path(request.filename)
        if path is None:
            await self._refuse(
                own, peer, Error(ErrorCode.ACCESS_VIOLATION, "no such name is allowed")
            )
            return
        content = _content(self._open_file(path, peer))
        if content is None:
            await _send(own, (Error(ErrorCode.FILE_NOT_FOUND, "not found"),))
            self._on_event(FileMissing(peer, path))
            return
        if request.mode == "netascii":
            content = to_netascii(content[:])
        await self._transfer(own, peer, path, request, content)

    async def _transfer(
        self,
        own: socket.socket,
        peer: IPv4Address,
        path: str,
        request: ReadRequest,
        content: Content,
    ) -> None:
        loop = asyncio.get_running_loop()
        begun, size = loop.time(), len(content)
        step = start(content, negotiate(request.options, size, _LARGEST_BLOCK), begun)
        while isinstance(step.transfer, Sending):
            step = await _next_step(own, step.transfer, step.packets)
        match step.transfer:
            case Completed(resent):
                self._on_event(FileSent(peer, path, size, loop.time() - begun, resent))
            case Probed():
                self._on_event(SizeProbed(peer, path, size))
            case Failed(problem, confirmed):
                port: int = own.getsockname()[1]
                self._on_event(TransferFailed(peer, path, port, confirmed, size, problem))

    async def _refuse(self, own: socket.socket, peer: IPv4Address, error: Error) -> None:
        await _send(own, (error,))
        self._on_event(TftpRequestRefused(peer, error.message))


async def _next_step(own: socket.socket, sending: Sending, packets: tuple[Packet, ...]) -> Step:
    """Send, then wait for a packet or the deadline. A client whose port is closed has gone."""
    loop = asyncio.get_running_loop()
    try:
        await _send(own, packets)
        async with asyncio.timeout_at(sending.deadline):
            packet = decode(await loop.sock_recv(own, _LARGEST_DATAGRAM))
    except TimeoutError:
        return time_is_up(sending, loop.time())
    except ConnectionRefusedError:
        return Step(Failed("the client has closed its port", sending.bytes_confirmed))
    except MalformedTftpPacket:
        return Step(sending)
    return received(sending, packet, loop.time())


async def _send(own: socket.socket, packets: tuple[Packet, ...]) -> None:
    loop = asyncio.get_running_loop()
    for packet in packets:
        await loop.sock_sendall(own, encode(packet))


def _content(opened: bytes | Path | None) -> Content | None:
    """The bytes, or the file mapped into memory; None where there is none."""
    if not isinstance(opened, Path):
        return opened
    try:
        with opened.open("rb") as file:
            if opened.stat().st_size == 0:
                return b""
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except FileNotFoundError:
        return None
