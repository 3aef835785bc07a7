"""Who has which address, where one interface leads to several networks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from ipaddress import IPv4Address
from typing import Protocol

from provisioner.protocol.dhcp.lease import Lease, LeaseTable


class Occupants(Protocol):
    """What LeaseTable tells of one network."""

    def holder(self, address: IPv4Address) -> Lease | None:
        """Who has the address, or had it last."""
        ...

    def owner(self, address: IPv4Address, now: float) -> str | None:
        """The MAC that has the address now."""
        ...


class OccupantsByLease:
    """By the leases of several networks, whose subnets don't overlap."""

    def __init__(self, tables: Callable[[], Sequence[LeaseTable]]) -> None:
        self._tables = tables

    def holder(self, address: IPv4Address) -> Lease | None:
        found = (table.holder(address) for table in self._tables())
        return next((lease for lease in found if lease is not None), None)

    def owner(self, address: IPv4Address, now: float) -> str | None:
        found = (table.owner(address, now) for table in self._tables())
        return next((mac for mac in found if mac is not None), None)
