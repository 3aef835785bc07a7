"""Who has which address by the kernel's neighbour table (ARP): where another server gives the addresses.

That the address answers with this MAC on this segment is evidence of the same strength as a lease of ours:
both rest on what the machine itself says its MAC is.
"""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Callable, Iterable, Iterator
from ipaddress import IPv4Address
from pathlib import Path

from inventory.mac import normal_mac
from provisioner.protocol.dhcp.lease import Lease

_TABLE = Path("/proc/thread-self/net/arp")
_COMPLETE = 0x02
_NOBODY = "00:00:00:00:00:00"


_KEPT_SECONDS = 0.25
"""How long an entry is believed without a look: every file of a transfer is told of."""


class OccupantsByNeighbour:
    """Those of one interface's segment. The kernel has asked for whoever has just connected."""

    def __init__(
        self,
        interface: str,
        read: Callable[[], str] = _TABLE.read_text,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._interface = interface
        self._read = read
        self._clock = clock
        self._known: dict[str, str] = {}
        self._known_at = -math.inf

    def holder(self, address: IPv4Address) -> Lease | None:
        """As if by a lease that doesn't end."""
        mac = self.owner(address, 0.0)
        return None if mac is None else Lease(mac, address, math.inf)

    def owner(self, address: IPv4Address, now: float) -> str | None:
        """The MAC that answers for the address."""
        text, at = str(address), self._clock()
        if text not in self._known or at - self._known_at > _KEPT_SECONDS:
            entries = (line.split() for line in self._read().splitlines()[1:])
            self._known = dict(_neighbours(entries, self._interface))
            self._known_at = at
        return self._known.get(text)


def _neighbours(entries: Iterable[list[str]], interface: str) -> Iterator[tuple[str, str]]:
    """Address, hardware type, flags, MAC, mask, interface (proc(5))."""
    for fields in entries:
        if len(fields) != 6 or fields[5] != interface or fields[3] == _NOBODY:
            continue
        with contextlib.suppress(ValueError):  # a card that isn't Ethernet
            if int(fields[2], 16) & _COMPLETE:
                yield fields[0], normal_mac(fields[3])
