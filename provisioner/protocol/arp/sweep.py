"""Which addresses of a pool to probe next, and what the answers mean. No I/O, no clock.

Every free address is asked for in turn, so that one that somebody uses without a lease is known long
before it would be offered. Who answers keeps it: nobody else is given the address until it has been silent.
A DISCOVER is never kept waiting for a probe.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import TypeAlias

AGAIN_AFTER = 600.0
"""Seconds after which a free address is asked for again."""
IN_USE_AGAIN_AFTER = 30.0
"""Seconds after which one that was answered for is."""
SILENT_AFTER = 1.0
"""Seconds in which somebody that has the address answers (RFC 5227 waits 1 to 2)."""
_MOST_A_TURN = 20
_MOST_LOOKED_AT = 512


@dataclass(frozen=True, slots=True)
class FoundInUse:
    """The MAC answers for an address of which it has no lease."""

    number: int
    mac: str


@dataclass(frozen=True, slots=True)
class FoundSilent:
    """Who answered for the address, the MAC, does so no more."""

    number: int
    mac: str


Finding: TypeAlias = FoundInUse | FoundSilent


class Sweep:
    """Of one pool's addresses, as numbers. `now` in seconds of any clock."""

    def __init__(self, numbers: range) -> None:
        self.numbers = numbers
        self._at = 0
        self._asked: dict[int, float] = {}
        self._waiting: dict[int, float] = {}
        self._users: dict[int, str] = {}

    def due(self, now: float, is_free: Callable[[int], bool]) -> list[int]:
        """The addresses to be asked for now: those in use whose time has come, then the next free ones;
        a few a turn, so that a large pool is no storm of broadcasts."""
        again = (number for number in self._users if self._is_due(number, now, IN_USE_AGAIN_AFTER))
        found = list(islice(again, _MOST_A_TURN))
        for _ in range(min(_MOST_LOOKED_AT, len(self.numbers))):
            if len(found) >= _MOST_A_TURN:
                break
            number = self.numbers[self._at % len(self.numbers)]
            self._at += 1
            is_known = number in self._users or not self._is_due(number, now, AGAIN_AFTER)
            if not is_known and is_free(number):
                found.append(number)
        for number in found:
            self._asked[number] = now
            self._waiting[number] = now
        return found

    def heard(self, number: int, mac: str) -> FoundInUse | None:
        """Somebody says that the address is its own; told once."""
        if self._waiting.pop(number, None) is None or self._users.get(number) == mac:
            return None
        self._users[number] = mac
        return FoundInUse(number, mac)

    def silent(self, now: float) -> list[FoundSilent]:
        """The addresses that were in use, and for which nobody has answered now."""
        over = [number for number, at in self._waiting.items() if now - at >= SILENT_AFTER]
        for number in over:
            del self._waiting[number]
        return [
            FoundSilent(number, self._users.pop(number)) for number in over if number in self._users
        ]

    def forget(self, number: int) -> None:
        """The address is not free any more: who has it is no finding."""
        self._users.pop(number, None)
        self._waiting.pop(number, None)

    def _is_due(self, number: int, now: float, after: float) -> bool:
        asked = self._asked.get(number)
        return number not in self._waiting and (asked is None or now - asked >= after)
