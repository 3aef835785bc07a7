"""Many DHCP clients behind one socket, each with its MAC and xid: they ask as firmware does, again and again
until they are answered, and note every ACK. Written with `struct`: nothing in it is ours."""

from __future__ import annotations

import select
import socket
import struct
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import IPv4Address

_HEADER = struct.Struct("!BBBBIHH4s4s4s4s16s64s128s4s")
_COOKIE = b"\x63\x82\x53\x63"
_BROADCAST = 0x8000
_PXE = b"\x3c\x20PXEClient:Arch:00000:UNDI:002001\x5d\x02\x00\x00"
_AGAIN_SECONDS = 1.0
_NOBODY = bytes(4)
DISCOVER, OFFER, REQUEST, ACK, NAK = 1, 2, 3, 5, 6


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """What a client was told; `heard` is in epoch seconds, `seconds` how long the lease runs."""

    mac: str
    address: IPv4Address
    seconds: int
    heard: float


@dataclass(slots=True)
class Client:
    number: int
    wants: bytes = _NOBODY
    server: bytes = b""
    due: float = 0.0

    @property
    def mac(self) -> bytes:
        return b"\x0a\x00" + self.number.to_bytes(4, "big")

    def question(self) -> bytes:
        """DISCOVER; once it wants an address, REQUEST: of the server that has offered it, or by itself
        (RFC 2131, INIT-REBOOT)."""
        options = bytes((53, 1, REQUEST if self.wants != _NOBODY else DISCOVER)) + _PXE
        if self.wants != _NOBODY:
            options += b"\x32\x04" + self.wants
        if self.server:
            options += b"\x36\x04" + self.server
        return (
            _HEADER.pack(
                *(1, 1, 6, 0, self.number, 0, _BROADCAST, _NOBODY, _NOBODY, _NOBODY, _NOBODY),
                *(self.mac, b"", b"", _COOKIE),
            )
            + options
            + b"\xff"
        )


@dataclass
class Crowd:
    """To be used in a thread that is in a station whose interface is `eth0`. At most `at_once` ask at a
    time. `acknowledged` and `refused` grow while it does; refused is who asked for the address it had."""

    at_once: int = 64
    acknowledged: list[Acknowledgement] = field(default_factory=list[Acknowledgement])
    refused: list[str] = field(default_factory=list[str])
    _left: bool = False

    def leave(self) -> None:
        """Whoever still asks gives up."""
        self._left = True

    def take_leases(self, numbers: range, seconds: float) -> None:
        """Each of them once, from DISCOVER to ACK."""
        self._ask([Client(number) for number in numbers], seconds)

    def confirm(self, leases: dict[str, IPv4Address], seconds: float) -> None:
        """As after a start of theirs: each asks for the address that it has."""
        clients = [
            Client(int(mac.replace(":", "")[4:], 16), address.packed)
            for mac, address in leases.items()
        ]
        self._ask(clients, seconds)

    def _ask(self, clients: list[Client], seconds: float) -> None:
        waiting, asking = deque(clients), dict[int, Client]()
        until = time.monotonic() + seconds
        with _opened() as own:
            while (waiting or asking) and not self._left:
                assert time.monotonic() < until, f"{len(waiting) + len(asking)} are not served"
                while waiting and len(asking) < self.at_once:
                    client = waiting.popleft()
                    asking[client.number] = client
                _ask_again(own, asking)
                for answer in _heard(own):
                    self._told(own, asking, answer)

    def _told(self, own: socket.socket, asking: dict[int, Client], answer: Answer) -> None:
        client = asking.get(answer.xid)
        if client is None or client.mac != answer.mac:
            return
        if answer.kind == OFFER and client.wants == _NOBODY:
            client.wants, client.server, client.due = answer.address, answer.server, 0.0
            _ask_again(own, {client.number: client})
        elif answer.kind == ACK and client.wants != _NOBODY:
            address = IPv4Address(answer.address)
            told = Acknowledgement(client.mac.hex(":"), address, answer.seconds, time.time())
            self.acknowledged.append(told)
            del asking[client.number]
        elif answer.kind == NAK and client.server:  # it begins again, as every client does
            client.wants, client.server, client.due = _NOBODY, b"", 0.0
        elif answer.kind == NAK:
            self.refused.append(client.mac.hex(":"))
            del asking[client.number]


@dataclass(frozen=True, slots=True)
class Answer:
    xid: int
    mac: bytes
    kind: int
    address: bytes
    server: bytes
    seconds: int


def answer_in(payload: bytes) -> Answer | None:
    """A server's message in a datagram's payload; None for anything else."""
    if len(payload) < _HEADER.size or payload[0] != 2 or payload[236:240] != _COOKIE:
        return None
    options = dict(_options(payload[_HEADER.size :]))
    return Answer(
        xid=int.from_bytes(payload[4:8]),
        mac=payload[28:34],
        kind=options.get(53, b"\0")[0],
        address=payload[16:20],
        server=options.get(54, b""),
        seconds=int.from_bytes(options.get(51, b"")),
    )


def _options(field: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 1 < len(field) and field[at] != 255:
        if field[at] == 0:
            at += 1
            continue
        yield field[at], field[at + 2 : at + 2 + field[at + 1]]
        at += 2 + field[at + 1]


def _opened() -> socket.socket:
    own = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    own.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    own.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"eth0\0")
    own.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 21)
    own.bind(("0.0.0.0", 68))
    own.setblocking(False)
    return own


def _ask_again(own: socket.socket, asking: dict[int, Client]) -> None:
    now = time.monotonic()
    for client in asking.values():
        if client.due <= now:
            client.due = now + _AGAIN_SECONDS
            own.sendto(client.question(), ("255.255.255.255", 67))


def _heard(own: socket.socket) -> Iterator[Answer]:
    """What has come, after waiting a little for something."""
    select.select([own], [], [], 0.05)
    while True:
        try:
            answer = answer_in(own.recv(65_535))
        except BlockingIOError:
            return
        if answer is not None:
            yield answer
