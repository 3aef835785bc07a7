"""Hostile datagrams without end: the fixtures as they are, mutations of them, and noise."""

from __future__ import annotations

import contextlib
import itertools
import random
import socket
import threading
import time
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from tests.fuzz.run import HOSTILE, datagrams_in
from tests.namespaces import NetworkNamespace

EVERYBODY = "255.255.255.255"
_DIFFERENT = 4_000
_LONGEST = 1_400
_MOST_CHANGES = 6
_AT_ONCE = 50


def seeds(*folders: str) -> list[bytes]:
    files = (file for folder in folders for file in sorted((HOSTILE / folder).glob("*.hex")))
    return [one for file in files for one in datagrams_in(file)]


def hostile(known: list[bytes], chance: random.Random) -> list[bytes]:
    """A few thousand, those known among them."""
    changed = [_mutated(chance.choice(known), chance) for _ in range(_DIFFERENT)]
    noise = [chance.randbytes(chance.randrange(_LONGEST)) for _ in range(_DIFFERENT // 4)]
    everything = [one[:_LONGEST] for one in (*known, *changed, *noise)]
    chance.shuffle(everything)
    return everything


def _mutated(datagram: bytes, chance: random.Random) -> bytes:
    content = bytearray(datagram)
    for _ in range(chance.randrange(_MOST_CHANGES)):
        at = chance.randrange(len(content) + 1)
        match chance.randrange(4):
            case 0 if at < len(content):
                content[at] = chance.randrange(256)
            case 1:
                content[at:at] = chance.randbytes(chance.randrange(1, 9))
            case 2:
                del content[at : at + chance.randrange(1, 9)]
            case _:
                del content[at:]
    return bytes(content)


@dataclass
class Flood:
    """To every one of the ports of `server` in turn and, where they are frames, to the wire, from a station
    whose interface is `eth0`, until it is stopped; at full speed as long as `has_room` says so."""

    server: str
    has_room: Callable[[], bool] = lambda: True
    sent: int = 0
    _stop: threading.Event = field(default_factory=threading.Event)

    @contextlib.contextmanager
    def pouring(self, station: NetworkNamespace) -> Generator[None]:
        """For as long as the block lasts."""
        with ThreadPoolExecutor(1) as thread:
            poured = thread.submit(lambda: station.call(self._pour))
            try:
                yield
            finally:
                self._stop.set()
            poured.result()

    def wait_until(self, sent: int, seconds: float = 120.0) -> None:
        """So many have been sent since it began."""
        until = time.monotonic() + seconds
        while self.sent < sent:
            assert time.monotonic() < until, f"only {self.sent} were sent"
            time.sleep(0.01)

    def _pour(self) -> None:
        chance = random.Random(4)  # the same ones in every run
        dhcp, tftp = (hostile(seeds(folder), chance) for folder in ("dhcp", "tftp"))
        dns, frames = (hostile(seeds(folder), chance) for folder in ("dns", "frame"))
        targets: Iterator[tuple[list[bytes], int]] = itertools.cycle(
            ((dhcp, 67), (tftp, 69), (dns, 53), (dhcp, 4011))
        )
        with _datagrams() as own, _frames() as raw:
            while not self._stop.wait(0 if self.has_room() else 0.001):
                known, port = next(targets)
                for datagram in chance.sample(known, _AT_ONCE):
                    self._send(own, datagram, (self.server, port))
                    if port == 67:
                        self._send(own, datagram, (EVERYBODY, port))
                for frame in chance.sample(frames, _AT_ONCE // 10):
                    self._send(raw, frame.ljust(14, b"\0"), None)

    def _send(self, own: socket.socket, data: bytes, to: tuple[str, int] | None) -> None:
        try:
            if to is None:
                own.send(data)
            else:
                own.sendto(data, to)
        except OSError:  # told that nobody listens there, or too much at once
            return
        self.sent += 1


def _datagrams() -> socket.socket:
    own = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    own.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    own.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"eth0\0")
    return own


def _frames() -> socket.socket:
    raw = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    raw.bind(("eth0", 0))
    return raw
