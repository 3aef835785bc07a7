"""What the daemon and its TFTP worker say to each other, one message a datagram: a transfer to carry out,
with its two descriptors, and how it went."""

from __future__ import annotations

import array
import json
import socket
from dataclasses import dataclass

from provisioner.protocol.tftp.terms import Terms
from provisioner.protocol.tftp.transfer import Completed, Failed, Outcome, Probed

_LARGEST_MESSAGE = 65_536
_TWO_DESCRIPTORS = socket.CMSG_SPACE(2 * array.array("i").itemsize)


@dataclass(frozen=True, slots=True)
class HandOver:
    """A transfer of `size` bytes. Its descriptors go beside it: a UDP socket, bound to our port and
    connected to the client's, and the file. Who has got it closes both."""

    number: int
    size: int
    terms: Terms


@dataclass(frozen=True, slots=True)
class Ended:
    """`duration` in seconds, `resent` in packets."""

    number: int
    outcome: Outcome
    duration: float
    resent: int


def hand_over(desk: socket.socket, order: HandOver, udp: int, file: int) -> None:
    """Raises BlockingIOError while the other side has no room for it."""
    terms = order.terms
    told = (order.number, order.size)
    agreed = (terms.granted, terms.block_size, terms.window, terms.timeout)
    rights = (socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", (udp, file)))
    desk.sendmsg((json.dumps((*told, *agreed)).encode(),), (rights,))


def take(desk: socket.socket) -> tuple[HandOver, int, int] | None:
    """A transfer with its socket and its file; None when the other side has gone. An order whose
    descriptors didn't come, for lack of room for them, has -1 in their place."""
    data, ancillary, _, _ = desk.recvmsg(_LARGEST_MESSAGE, _TWO_DESCRIPTORS)
    if not data:
        return None
    descriptors = array.array("i")
    for _, kind, rights in ancillary:
        if kind == socket.SCM_RIGHTS:
            descriptors.frombytes(
                rights[: len(rights) // descriptors.itemsize * descriptors.itemsize]
            )
    number, size, granted, block_size, window, timeout = json.loads(data)
    agreed = Terms(tuple((name, value) for name, value in granted), block_size, window, timeout)
    udp, file = (*descriptors, -1, -1)[:2]
    return HandOver(number, size, agreed), udp, file


def encode_ended(ended: Ended) -> bytes:
    """The message's bytes."""
    return json.dumps((ended.number, ended.duration, ended.resent, *_how(ended.outcome))).encode()


def decode_ended(data: bytes) -> Ended:
    """What `encode_ended` was given."""
    number, duration, resent, *how = json.loads(data)
    outcome: Outcome = Completed()
    if how:
        outcome = Failed(*how) if how[0] else Probed()
    return Ended(number, outcome, duration, resent)


def _how(outcome: Outcome) -> tuple[str, int] | tuple[()]:
    match outcome:
        case Completed():
            return ()
        case Probed():
            return "", 0
        case Failed(problem, confirmed):
            return problem, confirmed
