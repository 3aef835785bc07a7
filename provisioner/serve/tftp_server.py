"""The TFTP server's edge in the daemon: hears requests, decides, and hands transfers to its workers."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
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
from provisioner.protocol.tftp.negotiation import largest_block, negotiate
from provisioner.protocol.tftp.packet import Error, ErrorCode, ReadRequest, decode, encode
from provisioner.protocol.tftp.request import refusal, safe_path
from provisioner.protocol.tftp.transfer import Completed, Failed, Probed
from provisioner.serve.errors import InterfaceMissing, SocketNotBound
from provisioner.serve.faults import Faults
from provisioner.serve.tftp_content import opened
from provisioner.serve.tftp_handover import Ended, HandOver
from provisioner.serve.tftp_sender import TftpSender
from provisioner.serve.tftp_socket import mtu_of, request_socket, transfer_socket

OpenFile: TypeAlias = Callable[[str, IPv4Address], bytes | Path | None]
_Peer: TypeAlias = tuple[str, int]

_LARGEST_DATAGRAM = 65_535
_MOST_TRANSFERS = 4096
_MOST_OF_ONE_PEER = 256
"""A whole rack may come from one address, that of a router; a flood from one must not take all."""
_WORKERS = min(len(os.sched_getaffinity(0)), 4)
_SAID_TWICE = 1.0
"""Seconds in which the same request is the same question: our first answer is still on its way."""
_MOST_AT_ONCE = 32
"""Requests that are answered before other services of the daemon have their turn."""


@dataclass(frozen=True, slots=True)
class _UnderWay:
    """A transfer, with the `request` for it as it came, and when."""

    request: bytes
    asked_at: float
    peer: _Peer
    path: str
    size: int
    port: int
    worker: int

    @property
    def address(self) -> IPv4Address:
        return IPv4Address(self.peer[0])


class TftpServer:
    """Serves reads on one interface. `open_file(path, peer)` gets a path without leading slash, `.`
    or `..` and answers with the bytes, a file, or None (not found: ERROR 1 at once). Asked whether
    `single_port`, it sends everything from the request port, the only one that a firewall then needs.
    `clock` gives seconds."""

    def __init__(
        self,
        *,
        interface: str,
        address: IPv4Address,
        open_file: OpenFile,
        on_event: Callable[[TftpEvent], None],
        port: int = 69,
        single_port: Callable[[], bool] = lambda: False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._interface = interface
        self._address = address
        self._open_file = open_file
        self._on_event = on_event
        self._port = port
        self._single_port = single_port
        self._clock = clock
        self._requests: socket.socket | None = None
        self._senders = [
            TftpSender(self._ended, partial(self._lost, number)) for number in range(_WORKERS)
        ]
        self._under_way: dict[int, _UnderWay] = {}
        self._latest: dict[_Peer, _UnderWay] = {}
        self._of_address: Counter[str] = Counter()
        self._of_worker = [0] * _WORKERS
        self._number = 0
        self._faults = Faults()

    @property
    def worker_pids(self) -> list[int]:
        """Of the processes that send the files, while it is bound."""
        return [one.worker_pid for one in self._senders if one.worker_pid is not None]

    def bind(self) -> None:
        """Open the request socket, on the interface only, and start the workers. Raises SocketNotBound or
        InterfaceMissing."""
        self._requests = request_socket(self._interface, self._address, self._port)
        for sender in self._senders:
            sender.start()

    async def serve(self) -> None:
        """Answer until cancelled; transfers under way end with it."""
        if self._requests is None:
            raise ProvisionerBug("TftpServer.serve before bind")
        async with asyncio.TaskGroup() as tasks:
            for sender in self._senders:
                tasks.create_task(sender.follow())
            tasks.create_task(self._hear(self._requests))

    def close(self) -> None:
        """Close the request socket and end the workers; harmless when not bound."""
        for sender in self._senders:
            sender.close()
        self._forget_all()
        if self._requests is not None:
            self._requests.close()
            self._requests = None

    async def _hear(self, requests: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        while True:
            for _ in range(_MOST_AT_ONCE):
                data, peer = await loop.sock_recvfrom(requests, _LARGEST_DATAGRAM)
                self._asked(data, peer)
            await asyncio.sleep(0)

    def _asked(self, data: bytes, peer: _Peer) -> None:
        if (
            self._is_repeated(data, peer)
            or self._of_address[peer[0]] >= _MOST_OF_ONE_PEER
            or len(self._under_way) >= _MOST_TRANSFERS
        ):
            return
        try:
            self._answer(data, peer)
        except MalformedTftpPacket as error:
            self._on_event(TftpRequestRefused(IPv4Address(peer[0]), str(error)))
        except (OSError, SocketNotBound, InterfaceMissing) as error:
            problem = (error.strerror if isinstance(error, OSError) else None) or str(error)
            self._on_event(TftpRequestRefused(IPv4Address(peer[0]), problem))
        except Exception as fault:  # a bug costs one request
            self._faults.tell(fault)

    def _is_repeated(self, data: bytes, peer: _Peer) -> bool:
        """Whether it is being answered: then it starts no second transfer. Another request from the same
        port, or the same much later, is one of a machine that was reset, or of who has just got the last
        file: an older transfer, on a port of its own, is in nobody's way. On the single port it would be."""
        before = self._latest.get(peer)
        if before is None or self._single_port():
            return before is not None
        return data == before.request and self._clock() - before.asked_at < _SAID_TWICE

    def _answer(self, data: bytes, peer: _Peer) -> None:
        packet = decode(data)
        refused = refusal(packet)
        if refused is None and isinstance(packet, ReadRequest):
            path = safe_path(packet.filename)
            if path is not None:
                self._read(packet, path, peer, data)
                return
            refused = Error(ErrorCode.ACCESS_VIOLATION, "no such name is allowed")
        if refused is not None:
            self._refuse(peer, refused)
            self._on_event(TftpRequestRefused(IPv4Address(peer[0]), refused.message))

    def _read(self, request: ReadRequest, path: str, peer: _Peer, data: bytes) -> None:
        source = self._open_file(path, IPv4Address(peer[0]))
        try:
            content = None if source is None else opened(source, request.mode)
        except OSError as error:
            self._refuse(peer, _unreadable(error))
            raise
        if content is None:
            self._refuse(peer, Error(ErrorCode.FILE_NOT_FOUND, "not found"))
            self._on_event(FileMissing(IPv4Address(peer[0]), path))
            return
        file, size = content
        try:
            udp = self._socket_to(peer)
        except BaseException:
            os.close(file)
            raise
        worker = self._of_worker.index(min(self._of_worker))
        port, now = udp.getsockname()[1], self._clock()
        under_way = _UnderWay(data, now, peer, path, size, port, worker)
        self._begin(request, under_way, udp, file)

    def _begin(
        self, request: ReadRequest, under_way: _UnderWay, udp: socket.socket, file: int
    ) -> None:
        terms = negotiate(request.options, under_way.size, largest_block(mtu_of(udp)))
        self._number += 1
        self._under_way[self._number] = self._latest[under_way.peer] = under_way
        self._of_address[under_way.peer[0]] += 1
        self._of_worker[under_way.worker] += 1
        order = HandOver(self._number, under_way.size, terms)
        self._senders[under_way.worker].hand_over(order, udp, file)

    def _socket_to(self, peer: _Peer) -> socket.socket:
        """On a port of its own (RFC 1350, 4). On the single port others' requests may come to it before
        it is connected: they are answered too."""
        shared = self._requests if self._single_port() else None
        udp, strays = transfer_socket(self._interface, self._address, peer, shared)
        for data, stray in strays:
            asyncio.get_running_loop().call_soon(self._asked, data, stray)
        return udp

    def _refuse(self, peer: _Peer, error: Error) -> None:
        with self._socket_to(peer) as udp:
            udp.send(encode(error))

    def _ended(self, ended: Ended) -> None:
        under_way = self._forget(ended.number)
        if under_way is None:
            return
        peer, path, size = under_way.address, under_way.path, under_way.size
        match ended.outcome:
            case Completed():
                self._on_event(FileSent(peer, path, size, ended.duration, ended.resent))
            case Probed():
                self._on_event(SizeProbed(peer, path, size))
            case Failed(problem, confirmed):
                failed = TransferFailed(peer, path, under_way.port, confirmed, size, problem)
                self._on_event(failed)

    def _lost(self, worker: int) -> None:
        """It has died."""
        lost = [key for key, one in self._under_way.items() if one.worker == worker]
        for number in lost:
            self._ended(Ended(number, Failed("the sending process has died", 0), 0.0, 0))

    def _forget(self, number: int) -> _UnderWay | None:
        under_way = self._under_way.pop(number, None)
        if under_way is not None:
            if self._latest.get(under_way.peer) is under_way:
                del self._latest[under_way.peer]
            self._of_worker[under_way.worker] -= 1
            self._of_address[under_way.peer[0]] -= 1
            if not self._of_address[under_way.peer[0]]:
                del self._of_address[under_way.peer[0]]
        return under_way

    def _forget_all(self) -> None:
        self._under_way.clear()
        self._latest.clear()
        self._of_address.clear()
        self._of_worker = [0] * _WORKERS


def _unreadable(error: OSError) -> Error:
    if error.errno in (errno.EACCES, errno.EPERM):
        return Error(ErrorCode.ACCESS_VIOLATION, "the file can't be read")
    return Error(ErrorCode.NOT_DEFINED, error.strerror or "the file can't be read")
