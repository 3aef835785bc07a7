"""One read transfer, from the server's side, as a state machine without I/O (RFC 1350, 2347, 7440).

A block is sent again only when time is up, never because an ACK came twice: RFC 1123's "Sorcerer's
Apprentice" can't happen. Each ACK that counts moves the window forward, at least by one block.

    start ──► Sending ──ACK──► Sending … ──ACK of the last block──► Completed
                 │ time up (a limited number of times): the window again, the wait doubled
                 ├──ERROR on an OACK that gave the size──► Probed    (what boot ROMs do first)
                 └──any other ERROR, or silence──► Failed
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol, TypeAlias

from provisioner.protocol.tftp.negotiation import Terms
from provisioner.protocol.tftp.packet import (
    Ack,
    Data,
    Error,
    OptionAck,
    Packet,
    ReadRequest,
    WriteRequest,
)

FIRST_WAIT = 1.0
LONGEST_WAIT = 8.0
MOST_RESENDS = 6
"""Times that one window is sent again: 39 s of silence in all with the waits above (seconds)."""
_BLOCK_NUMBERS = 65_536


class Content(Protocol):
    """Bytes, or a file mapped into memory."""

    def __len__(self) -> int: ...
    def __getitem__(self, part: slice, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Sending:
    """`confirmed` and `sent` count blocks from 1 and don't wrap; `deadline` on the caller's clock.
    While `offering`, the OACK has not been answered."""

    content: Content
    terms: Terms
    offering: bool
    confirmed: int
    sent: int
    resends: int
    resent_packets: int
    deadline: float

    @property
    def blocks(self) -> int:
        """The last block is shorter than the others, be it empty."""
        return len(self.content) // self.terms.block_size + 1

    @property
    def bytes_confirmed(self) -> int:
        return min(self.confirmed * self.terms.block_size, len(self.content))


@dataclass(frozen=True, slots=True)
class Completed:
    """The client has everything."""

    resent_packets: int


@dataclass(frozen=True, slots=True)
class Probed:
    """The client only wanted the size."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The client broke off or went silent after it had confirmed `confirmed` bytes."""

    problem: str
    confirmed: int


Transfer: TypeAlias = Sending | Completed | Probed | Failed


@dataclass(frozen=True, slots=True)
class Step:
    """The state after an event, and the packets to send now."""

    transfer: Transfer
    packets: tuple[Packet, ...] = ()


def start(content: Content, terms: Terms, now: float) -> Step:
    """The first packets: the OACK where there is one, else the first window."""
    sending = Sending(content, terms, bool(terms.granted), 0, 0, 0, 0, now)
    if sending.offering:
        return Step(_waiting(sending, now), (OptionAck(terms.granted),))
    return _next_window(sending, now)


def received(sending: Sending, packet: Packet, now: float) -> Step:
    """A packet came from the client."""
    match packet:
        case Ack(block):
            return _acknowledged(sending, block, now)
        case Error(code, message):
            if sending.offering and sending.terms.size_was_asked:
                return Step(Probed())
            problem = f"the client broke off: error {code} {message}".rstrip()
            return Step(Failed(problem, sending.bytes_confirmed))
        case ReadRequest() | WriteRequest() | Data() | OptionAck():
            return Step(sending)


def time_is_up(sending: Sending, now: float) -> Step:
    """The deadline has passed without an ACK that counts."""
    if sending.resends == MOST_RESENDS:
        return Step(Failed("the client went silent", sending.bytes_confirmed))
    again = replace(sending, resends=sending.resends + 1)
    packets: tuple[Packet, ...] = (
        (OptionAck(sending.terms.granted),) if sending.offering else _window(sending)
    )
    again = replace(again, resent_packets=sending.resent_packets + len(packets))
    return Step(_waiting(again, now), packets)


def _acknowledged(sending: Sending, block: int, now: float) -> Step:
    if sending.offering:
        if block != 0:
            return Step(sending)
        return _next_window(replace(sending, offering=False), now)
    ahead = (block - sending.confirmed) % _BLOCK_NUMBERS
    confirmed = sending.confirmed + ahead
    if ahead == 0 or confirmed > sending.sent:
        return Step(sending)
    if confirmed == sending.blocks:
        return Step(Completed(sending.resent_packets))
    return _next_window(replace(sending, confirmed=confirmed), now)


def _next_window(sending: Sending, now: float) -> Step:
    last = min(sending.confirmed + sending.terms.window, sending.blocks)
    again = max(0, sending.sent - sending.confirmed)
    moved = replace(sending, sent=last, resends=0, resent_packets=sending.resent_packets + again)
    return Step(_waiting(moved, now), _window(moved))


def _window(sending: Sending) -> tuple[Data, ...]:
    size = sending.terms.block_size
    return tuple(
        Data(block % _BLOCK_NUMBERS, sending.content[(block - 1) * size : block * size])
        for block in range(sending.confirmed + 1, sending.sent + 1)
    )


def _waiting(sending: Sending, now: float) -> Sending:
    """The wait that the client negotiated, else one that doubles (RFC 1123, 4.2.3.2)."""
    wait = min(FIRST_WAIT * 2**sending.resends, LONGEST_WAIT)
    return replace(sending, deadline=now + (sending.terms.timeout or wait))
