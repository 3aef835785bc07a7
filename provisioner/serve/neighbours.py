"""Who has which address by the kernel's neighbour table (ARP): where another server gives the addresses.

That the address answers with this MAC on this segment is evidence of the same strength as a lease of ours:
both rest on what the machine itself says its MAC is.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from ipaddress import IPv4Address
from pathlib import Path

from inventory.mac import normal_mac
from provisioner.protocol.dhcp.lease import Lease

_TABLE = Path("/proc/thread-self/net/arp")
_COMPLETE = 0x02
_NOBODY = "00:00:00:00:00:00"


class OccupantsByNeighbour:
    """Those of one interface's segment. The kernel has asked for whoever has just connected."""

    def __init__(self, interface: str, read: Callable[[], str] = _TABLE.read_text) -> None:
        self._interface = interface
        self._read = read

    def holder(self, address: IPv4Address) -> Lease | None:
        """As if by a lease that doesn't end."""
        mac = self.owner(address, 0.0)
        return None if mac is None else Lease(mac, address, math.inf)

    def owner(self, address: IPv4Address, now: float) -> str | None:
        """The MAC that answers for the address."""
        wanted = str(address)
        for line in self._read().splitlines()[1:]:
            if line.startswith(wanted + " "):
                return _mac(line.split(), self._interface)
        return None


def _mac(fields: list[str], interface: str) -> str | None:
    """Address, hardware type, flags, MAC, mask, interface (proc(5))."""
    if len(fields) != 6 or fields[5] != interface or fields[3] == _NOBODY:
        return None
    try:
        return normal_mac(fields[3]) if int(fields[2], 16) & _COMPLETE else None
    except ValueError:
        return None
