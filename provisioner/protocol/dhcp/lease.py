"""The leases of one link, and the changes a decision makes to them. No I/O: the store keeps them.

A lease stays on record after it has expired or was released, so that its MAC gets the same address
again; the record goes when its address is leased to another MAC.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import TypeAlias, assert_never

from typing_extensions import override


@dataclass(frozen=True, slots=True)
class Lease:
    """`mac` had, has, or is being offered `address`; `expires` in epoch seconds."""

    mac: str
    address: IPv4Address
    expires: float


@dataclass(frozen=True, slots=True)
class Offered:
    """`lease.address` is kept for `lease.mac` until `lease.expires`. Never stored: after a restart
    the client's REQUEST is answered all the same."""

    lease: Lease


@dataclass(frozen=True, slots=True)
class Bound:
    """The client has the address until `lease.expires`; replaces what was on record for its MAC and
    for its address."""

    lease: Lease


@dataclass(frozen=True, slots=True)
class Released:
    """The client gave the address back at `at` (epoch seconds); the record stays, expired."""

    mac: str
    address: IPv4Address
    at: float


@dataclass(frozen=True, slots=True)
class Declined:
    """Somebody else uses the address (RFC 2131, 3.1): nobody gets it before `until` (epoch
    seconds)."""

    mac: str
    address: IPv4Address
    until: float


DurableChange: TypeAlias = Bound | Released | Declined
LeaseChange: TypeAlias = Offered | DurableChange


class LeaseTable:
    """Who has which address. Reads are dictionary look-ups; `apply` is the only way to change
    it."""

    def __init__(self, leases: Iterable[Lease] = (), declined: Iterable[Declined] = ()) -> None:
        self._by_mac: dict[str, Lease | None] = {}
        self._by_address: dict[IPv4Address, Lease | None] = {}
        self._offers: dict[IPv4Address, Lease] = {}
        self._declined: dict[IPv4Address, float] = {}
        for change in declined:  # first: a lease on record was bound after its MAC's last DECLINE
            self.apply(change)
        for lease in leases:
            self.apply(Bound(lease))

    def lease_of(self, mac: str) -> Lease | None:
        """What is on record for the MAC, be it expired."""
        return self._by_mac.get(mac)

    def holder(self, address: IPv4Address) -> Lease | None:
        """What is on record for the address, be it expired."""
        return self._by_address.get(address)

    def offer_of(self, address: IPv4Address) -> Lease | None:
        """The last offer made of the address, be it too old."""
        return self._offers.get(address)

    def declined_until(self, address: IPv4Address) -> float:
        """Epoch seconds before which nobody gets the address; 0.0 if it was never declined."""
        return self._declined.get(address, 0.0)

    def is_free(self, address: IPv4Address, mac: str, now: float) -> bool:
        """Whether the MAC could have the address: nobody else has it, is offered it or disputes
        it."""
        holder, offer = self.holder(address), self.offer_of(address)
        return (
            (holder is None or holder.mac == mac or holder.expires <= now)
            and (offer is None or offer.mac == mac or offer.expires <= now)
            and self.declined_until(address) <= now
        )

    def owner(self, address: IPv4Address, now: float) -> str | None:
        """The MAC whose lease of the address is running; what the HTTP server asks."""
        holder = self.holder(address)
        return holder.mac if holder is not None and holder.expires > now else None

    def leases(self) -> tuple[Lease, ...]:
        """All on record, in the order of their addresses."""
        return tuple(lease for _, lease in sorted(self._by_address.items()) if lease is not None)

    def draft(self) -> LeaseTable:
        """A table that reads through to this one and keeps its own changes: what a batch of
        decisions is made against before it is committed."""
        return _Draft(self)

    def apply(self, change: LeaseChange) -> None:
        """Make the change."""
        match change:
            case Offered(lease):
                self._offers[lease.address] = lease
            case Bound(lease):
                self._bind(lease)
            case Released(mac, address, at):
                held = self.lease_of(mac)
                if held is not None and held.address == address:
                    self._bind(Lease(mac, address, min(held.expires, at)))
            case Declined(mac, address, until):
                self._declined[address] = until
                self._forget(mac)
            case _:
                assert_never(change)

    def _bind(self, lease: Lease) -> None:
        self._forget(lease.mac)
        previous = self.holder(lease.address)
        if previous is not None:
            self._forget(previous.mac)
        self._by_mac[lease.mac] = lease
        self._by_address[lease.address] = lease

    def _forget(self, mac: str) -> None:
        lease = self.lease_of(mac)
        if lease is not None:
            self._by_mac[mac] = None
            self._by_address[lease.address] = None


class _Draft(LeaseTable):
    """Own entries first; None in an own entry hides the one below."""

    def __init__(self, below: LeaseTable) -> None:
        super().__init__()
        self._below = below

    @override
    def lease_of(self, mac: str) -> Lease | None:
        return self._by_mac[mac] if mac in self._by_mac else self._below.lease_of(mac)

    @override
    def holder(self, address: IPv4Address) -> Lease | None:
        if address in self._by_address:
            return self._by_address[address]
        return self._below.holder(address)

    @override
    def offer_of(self, address: IPv4Address) -> Lease | None:
        return self._offers.get(address) or self._below.offer_of(address)

    @override
    def declined_until(self, address: IPv4Address) -> float:
        if address in self._declined:
            return self._declined[address]
        return self._below.declined_until(address)

    @override
    def leases(self) -> tuple[Lease, ...]:
        below = {lease.address: lease for lease in self._below.leases()}
        merged: dict[IPv4Address, Lease | None] = {**below, **self._by_address}
        return tuple(lease for _, lease in sorted(merged.items()) if lease is not None)
