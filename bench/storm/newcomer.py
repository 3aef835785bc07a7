"""A machine that asks for an address again and again, until it is offered its own."""

from __future__ import annotations

import socket
import time
from dataclasses import dataclass
from ipaddress import IPv4Address

from bench.storm.message import OFFER, Stage, answer_in, question

_EVERY = 0.01
_EVERYBODY = ("255.255.255.255", 67)


@dataclass(frozen=True, slots=True)
class Waited:
    """Of the monotonic clock; `silence` is the longest time between two offers of any address."""

    offered: float
    silence: float


def wait_for(number: int, address: IPv4Address, interface: str, seconds: float) -> Waited:
    """To be called in the client's namespace. AssertionError if it takes longer."""
    until = time.monotonic() + seconds
    last, silence = time.monotonic(), 0.0
    with _opened(interface) as own:
        while (now := time.monotonic()) < until:
            own.sendto(question(number, Stage.PXE), _EVERYBODY)
            offered = _offer(own, number)
            if offered is None:
                continue
            silence, last = max(silence, time.monotonic() - last), time.monotonic()
            if offered == address.packed:
                return Waited(last, silence)
            time.sleep(max(0.0, now + _EVERY - time.monotonic()))
    raise AssertionError(f"{address} isn't offered within {seconds} s")


def _opened(interface: str) -> socket.socket:
    own = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    own.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    own.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, interface.encode() + b"\0")
    own.bind(("0.0.0.0", 68))
    own.settimeout(0.2)
    return own


def _offer(own: socket.socket, number: int) -> bytes | None:
    """The address offered to the machine, in what comes next; None if that isn't an offer to it."""
    try:
        answer = answer_in(own.recv(2048))
    except TimeoutError:
        return None
    mine = answer is not None and answer.number == number and answer.kind == OFFER
    return answer.address if answer is not None and mine else None
