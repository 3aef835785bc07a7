"""One read transfer, from the server's side, as a state machine without I/O (RFC 1350, 2347, 7440).

A block is sent again only when time is up, never because an ACK came twice: RFC 1123's "Sorcerer's
Apprentice" can't happen. Each ACK that counts moves the window forward, at least by one block.

    begin ──► under way ──ACK──► under way … ──ACK of the last block──► Completed
                 │ time up (a limited number of times): the window again, the wait doubled
                 ├──ERROR on an OACK that gave the size──► Probed    (what boot ROMs do first)
                 └──any other ERROR, silence, or the file is lost──► Failed

It is told of tens of thousands of packets a second, so it is one object that changes, and takes and
gives datagrams as they are on the wire.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from provisioner.protocol.tftp.blocks import Blocks, Content, blocks_of
from provisioner.protocol.tftp.terms import Terms

FIRST_WAIT = 1.0
LONGEST_WAIT = 8.0
MOST_RESENDS = 6
"""Times that one window is sent again: 39 s of silence in all with the waits above (seconds)."""
_BLOCK_NUMBERS = 65_536
_ACK, _ERROR, _OPTION_ACK = 4, 5, 6
_TWO_WORDS = struct.Struct("!HH")
_read = _TWO_WORDS.unpack_from

Datagrams: TypeAlias = Sequence[bytes]
"""To be sent now, in this order. All but the last are of one length."""


@dataclass(frozen=True, slots=True)
class Completed:
    """The client has everything."""


@dataclass(frozen=True, slots=True)
class Probed:
    """The client only wanted the size."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The client broke off or went silent, or the file was lost, after the client had confirmed
    `confirmed` bytes."""

    problem: str
    confirmed: int


Outcome: TypeAlias = Completed | Probed | Failed


class Transfer:
    """Ended once `outcome` is there. `deadline` is on the caller's clock; `resent` counts packets.
    Blocks are counted from 1 and don't wrap. While offering, the OACK has not been answered.
    `packets` are the content's, where other transfers send them too."""

    __slots__ = (
        *("outcome", "deadline", "resent", "_size", "_terms", "_block", "_blocks", "_window_size"),
        *("_offering", "_confirmed", "_sent", "_resends", "_prepared", "_patience"),
    )

    def __init__(self, content: Content, terms: Terms, packets: Blocks | None = None) -> None:
        self.outcome: Outcome | None = None
        self.deadline = 0.0
        self.resent = 0
        self._size = len(content)
        self._terms = terms
        self._block = packets or blocks_of(content, terms.block_size)
        self._blocks = self._size // terms.block_size + 1  # the last is shorter, be it empty
        self._window_size = terms.window
        self._offering = bool(terms.granted)
        self._confirmed = self._sent = self._resends = 0
        self._patience = terms.timeout or FIRST_WAIT
        self._prepared: Datagrams = ()

    def begin(self, now: float) -> Datagrams:
        """The first packets: the OACK where there is one, else the first window."""
        if self._offering:
            self._wait(now)
            return (self._option_ack(),)
        return self._next_window(now)

    def prepare(self) -> None:
        """Make the next window while there is nothing else to do; harmless at any time."""
        if not self._prepared and self._sent < self._blocks:
            self._prepared = self._window()

    def received(self, data: bytes, now: float) -> Datagrams:
        """A datagram came from the client. What no client sends changes nothing."""
        if len(data) < 4:
            return ()
        opcode, number = _read(data)
        if opcode == _ACK:
            if number == self._sent % _BLOCK_NUMBERS:
                return self._all_arrived(now)
            return self._part_arrived(number, now)
        if opcode == _ERROR:
            self._broken_off(number, data[4:].partition(b"\0")[0].decode("latin-1"))
        return ()

    def time_is_up(self, now: float) -> Datagrams:
        """The deadline has passed without an ACK that counts."""
        if self._resends == MOST_RESENDS:
            self.fail("the client went silent")
            return ()
        self._resends += 1
        again = (self._option_ack(),) if self._offering else self._unconfirmed()
        self.resent += len(again)
        self._wait(now)
        return again

    def fail(self, problem: str) -> None:
        """It can't go on, for a reason from outside of the protocol."""
        confirmed = min(self._confirmed * self._terms.block_size, self._size)
        self.outcome = Failed(problem, confirmed)

    def _all_arrived(self, now: float) -> Datagrams:
        """What nearly every ACK says."""
        self._offering = False
        self._confirmed = self._sent
        if self._sent == self._blocks:
            self.outcome = Completed()
            return ()
        return self._next_window(now)

    def _part_arrived(self, number: int, now: float) -> Datagrams:
        """From there it goes on; what was sent beyond that is sent again. Any other number is an old
        ACK's, or nobody's."""
        ahead = (number - self._confirmed) % _BLOCK_NUMBERS
        lacking = self._sent - self._confirmed - ahead
        if ahead == 0 or lacking < 0:
            return ()
        self._confirmed += ahead
        self._sent = self._confirmed
        self.resent += lacking
        self._prepared = ()
        return self._next_window(now)

    def _broken_off(self, code: int, message: str) -> None:
        if self._offering and any(name == "tsize" for name, _ in self._terms.granted):
            self.outcome = Probed()
        else:
            self.fail(f"the client broke off: error {code} {message}".rstrip())

    def _next_window(self, now: float) -> Datagrams:
        datagrams = self._prepared or self._window()
        self._prepared = ()
        self._sent += len(datagrams)
        self._resends = 0
        self.deadline = now + self._patience
        return datagrams

    def _window(self) -> Datagrams:
        """The blocks that follow what was sent, of which there are some."""
        first = self._sent + 1
        if self._window_size == 1:
            return (self._block(first),)
        last = min(self._sent + self._window_size, self._blocks)
        return [self._block(number) for number in range(first, last + 1)]

    def _unconfirmed(self) -> Datagrams:
        return [self._block(number) for number in range(self._confirmed + 1, self._sent + 1)]

    def _option_ack(self) -> bytes:
        texts = (text for option in self._terms.granted for text in option)
        return struct.pack("!H", _OPTION_ACK) + b"".join(t.encode() + b"\0" for t in texts)

    def _wait(self, now: float) -> None:
        """As long as the client negotiated, else twice as long each time (RFC 1123, 4.2.3.2)."""
        wait = min(FIRST_WAIT * (1 << self._resends), LONGEST_WAIT)
        self.deadline = now + (self._terms.timeout or wait)


def error_datagram(message: str) -> bytes:
    """ERROR 0: what can't be said by another number (RFC 1350, 5)."""
    return _TWO_WORDS.pack(_ERROR, 0) + message.encode("ascii", "replace") + b"\0"
