"""Is another DHCP server on our network? A DISCOVER asked from time to time tells.

The question is asked as nobody: with the interface's MAC changed by its "locally administered"
bit, the same each time, so that a server sets aside one address at most, no lease of this machine
is touched, and no REQUEST ever follows.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address

from typing_extensions import override

from inventory.errors import OperatorError
from provisioner.protocol.dhcp.event import (
    DhcpEvent,
    ForeignDhcpProbeFailed,
    ForeignDhcpServerAppeared,
    ForeignDhcpServerGone,
)
from provisioner.protocol.dhcp.message import BROADCAST_FLAG, Message, decode, encode
from provisioner.protocol.dhcp.options import MessageType, Operation, OptionCode
from provisioner.protocol.errors import MalformedDhcpMessage
from provisioner.serve.faults import Faults
from provisioner.serve.raw_frame import (
    BROADCAST_MAC,
    UDP_TO_DHCP_CLIENTS,
    Datagram,
    build,
    interface_mac,
    open_frame_socket,
    parse,
)

_ASKED_AGAIN_AT = (1.0, 2.0)
_LATECOMERS = 1.0
_GONE_AFTER_MISSES = 3
_LOCALLY_ADMINISTERED = 0x02


@dataclass(frozen=True, slots=True, order=True)
class ForeignServer:
    """A DHCP server that isn't us: its server id and the MAC its frame came from."""

    address: IPv4Address
    mac: str

    @override
    def __str__(self) -> str:
        return f"{self.address} ({self.mac})"


@dataclass(frozen=True, slots=True)
class Probing:
    """A probe every `interval` seconds, each for `wait` seconds: dnsmasq first pings for 3 s the
    address it is going to offer, ISC's dhcpd for 1 s."""

    interval: float = 60.0
    wait: float = 5.0


async def probe(interface: str, own_address: IPv4Address, wait: float) -> tuple[ForeignServer, ...]:
    """Every other server that answers a DISCOVER, in the order of addresses: after `wait`
    seconds, or a second after the first answer. Raises SocketNotBound or InterfaceMissing."""
    frames = open_frame_socket(interface, UDP_TO_DHCP_CLIENTS)
    try:
        return await _ask(frames, own_address, wait)
    finally:
        frames.close()


async def watch(
    interface: str,
    own_address: IPv4Address,
    probing: Probing,
    on_known: Callable[[frozenset[ForeignServer]], None],
    on_event: Callable[[DhcpEvent], None],
) -> None:
    """Probe, again and again until cancelled; `on_known` gets the whole set after the first probe
    that could be made and when it differs. A server is gone once it was silent for three probes."""
    misses: dict[ForeignServer, int] = {}
    known: frozenset[ForeignServer] | None = None
    faults = Faults()
    while True:
        try:
            found = await probe(interface, own_address, probing.wait)
        except Exception as error:
            if not isinstance(error, OperatorError | OSError):
                faults.tell(error)  # a bug that somebody's answer met costs one probe
            on_event(ForeignDhcpProbeFailed(str(error)))
            await asyncio.sleep(probing.wait if known is None else probing.interval)
            continue
        misses = _counted(misses, found)
        now = frozenset(misses)
        for event in _comings_and_goings(known or frozenset(), now):
            on_event(event)
        if now != known:
            known = now
            on_known(known)
        await asyncio.sleep(probing.interval)


def _comings_and_goings(
    before: frozenset[ForeignServer], now: frozenset[ForeignServer]
) -> Iterator[DhcpEvent]:
    for server in sorted(now - before):
        yield ForeignDhcpServerAppeared(server.address, server.mac)
    for server in sorted(before - now):
        yield ForeignDhcpServerGone(server.address, server.mac)


def _counted(
    misses: dict[ForeignServer, int], found: tuple[ForeignServer, ...]
) -> dict[ForeignServer, int]:
    """How many probes each known server has been silent for; without those that have gone."""
    silent = {server: count + 1 for server, count in misses.items()}
    counted = silent | dict.fromkeys(found, 0)
    return {server: count for server, count in counted.items() if count < _GONE_AFTER_MISSES}


async def _ask(
    frames: socket.socket, own_address: IPv4Address, wait: float
) -> tuple[ForeignServer, ...]:
    loop = asyncio.get_running_loop()
    own_mac = interface_mac(frames)
    question = _discover(own_mac)
    begun, found = loop.time(), set[ForeignServer]()
    for until in (*(at for at in _ASKED_AGAIN_AT if at < wait), wait):
        await loop.sock_sendall(frames, _frame(question, own_mac))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout_at(begun + until):
                found.add(await _hear(frames, question.xid, own_address))
        if found:
            break
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_LATECOMERS if found else 0):
            while True:
                found.add(await _hear(frames, question.xid, own_address))
    return tuple(sorted(found))


async def _hear(frames: socket.socket, xid: int, own_address: IPv4Address) -> ForeignServer:
    """The next offer that answers our question and isn't our own."""
    loop = asyncio.get_running_loop()
    while True:
        datagram = parse(await loop.sock_recv(frames, 65_535))
        server = None if datagram is None else _offering(datagram, xid)
        if server is not None and server.address != own_address:
            return server
        await asyncio.sleep(0)  # what is there already is received without a turn of the others


def _offering(datagram: Datagram, xid: int) -> ForeignServer | None:
    try:
        message = decode(datagram.payload)
    except MalformedDhcpMessage:
        return None
    if message.xid != xid or message.message_type is not MessageType.OFFER:
        return None
    named = message.address_option(OptionCode.SERVER_IDENTIFIER) or datagram.source
    return ForeignServer(named, datagram.source_mac.hex(":"))


def _discover(own_mac: bytes) -> Message:
    return Message(
        op=Operation.BOOTREQUEST,
        xid=secrets.randbits(32),
        chaddr=bytes([own_mac[0] ^ _LOCALLY_ADMINISTERED]) + own_mac[1:],
        flags=BROADCAST_FLAG,
        options=(
            (OptionCode.MESSAGE_TYPE, bytes([MessageType.DISCOVER])),
            (OptionCode.PARAMETER_REQUEST_LIST, bytes([OptionCode.SUBNET_MASK])),
        ),
    )


def _frame(message: Message, own_mac: bytes) -> bytes:
    everybody = IPv4Address("255.255.255.255")
    return build(
        Datagram(own_mac, BROADCAST_MAC, IPv4Address(0), 68, everybody, 67, encode(message))
    )
