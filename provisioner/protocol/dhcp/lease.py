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

from provisioner.protocol.dhcp.link import Pool
from provisioner.protocol.dhcp.vacancy import Vacancies


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
    """Who has which address. Reads are dictionary look-ups, by the address's number, whose hash costs
    nothing; `apply` is the only way to change it. `revision` grows with every change on record."""

    def __init__(self, leases: Iterable[Lease] = (), declined: Iterable[Declined] = ()) -> None:
        self.revision = 0
        self._by_mac: dict[str, Lease | None] = {}
        self._by_address: dict[int, Lease | None] = {}
        self._offers: dict[int, Lease] = {}
        self._declined: dict[int, float] = {}
        self._occupied: dict[int, str] = {}
        self._vacancies: Vacancies | None = None
        for change in declined:  # first: a lease on record was bound after its MAC's last DECLINE
            self.apply(change)
        for lease in leases:
            self.apply(Bound(lease))

    def lease_of(self, mac: str) -> Lease | None:
        """What is on record for the MAC, be it expired."""
        return self._by_mac.get(mac)

    def holder(self, address: IPv4Address) -> Lease | None:
        """What is on record for the address, be it expired."""
        return self.holder_of(int(address))

    def holder_of(self, number: int) -> Lease | None:
        """The same, of the address's number."""
        return self._by_address.get(number)

    def offer_of(self, number: int) -> Lease | None:
        """The last offer made of the address with the number, be it too old."""
        return self._offers.get(number)

    def declined_until(self, number: int) -> float:
        """Epoch seconds before which nobody gets the address; 0.0 if it was never declined."""
        return self._declined.get(number, 0.0)

    def is_free(self, number: int, mac: str, now: float) -> bool:
        """Whether the MAC could have the address: nobody else has it, is offered it, disputes it or
        was found at it."""
        holder, offer = self.holder_of(number), self.offer_of(number)
        return (
            (holder is None or holder.mac == mac or holder.expires <= now)
            and (offer is None or offer.mac == mac or offer.expires <= now)
            and self.declined_until(number) <= now
            and self._occupied.get(number, mac) == mac
        )

    def occupy(self, number: int, mac: str) -> None:
        """The MAC was found at the address, of which it has no lease: nobody else is to have it."""
        self._occupied[number] = mac

    def vacate(self, number: int) -> None:
        """Nobody is at the address any more."""
        self._occupied.pop(number, None)

    def occupied(self) -> tuple[tuple[int, str], ...]:
        """The addresses, as numbers, at which a MAC without a lease was found."""
        return tuple(sorted(self._occupied.items()))

    def busy_until(self, number: int) -> float:
        """Epoch seconds at which everybody could have the address; 0.0 if nobody ever had it."""
        holder, offer = self.holder_of(number), self.offer_of(number)
        return max(
            0.0 if holder is None else holder.expires,
            0.0 if offer is None else offer.expires,
            self.declined_until(number),
        )

    def owner(self, address: IPv4Address, now: float) -> str | None:
        """The MAC whose lease of the address is running; what the HTTP server asks."""
        holder = self.holder(address)
        return holder.mac if holder is not None and holder.expires > now else None

    def leases(self) -> tuple[Lease, ...]:
        """All on record, in the order of their addresses."""
        return tuple(lease for _, lease in sorted(self._by_address.items()) if lease is not None)

    def declined(self) -> tuple[tuple[IPv4Address, float], ...]:
        """Every address that was ever declined, with the time until which nobody gets it."""
        return tuple((IPv4Address(number), at) for number, at in sorted(self._declined.items()))

    def vacancies(self, pool: Pool) -> Vacancies:
        """Where to look for a free address of the pool; kept from one question to the next."""
        if self._vacancies is None or self._vacancies.pool != pool:
            self._vacancies = Vacancies(pool, self._touched())
        return self._vacancies

    def draft(self) -> LeaseTable:
        """A table that reads through to this one and keeps its own changes: what a batch of
        decisions is made against before it is committed. If it never is, `discard` says so."""
        return _Draft(self)

    def discard(self) -> None:
        """The changes of a draft will not be applied: what it set aside is free again."""
        self._vacancies = None

    def apply(self, change: LeaseChange) -> None:
        """Make the change."""
        self.revision += 1
        match change:
            case Offered(lease):
                number = int(lease.address)
                self._offers[number] = lease
                self._note(number, lease.expires)
            case Bound(lease):
                self._bind(lease)
            case Released(mac, address, at):
                held = self.lease_of(mac)
                if held is not None and held.address == address:
                    self._bind(Lease(mac, address, min(held.expires, at)))
            case Declined(mac, address, until):
                self._declined[int(address)] = until
                self._note(int(address), until)
                self._forget(mac)
            case _:
                assert_never(change)

    def _bind(self, lease: Lease) -> None:
        number = int(lease.address)
        held = self.lease_of(lease.mac)
        if held is not None and held.address != lease.address:
            self._forget(lease.mac)
        previous = self.holder_of(number)
        if previous is not None and previous.mac != lease.mac:
            self._forget(previous.mac)
        self._by_mac[lease.mac] = lease
        self._by_address[number] = lease
        self._note(number, lease.expires)

    def _forget(self, mac: str) -> None:
        lease = self.lease_of(mac)
        if lease is not None:
            number = int(lease.address)
            self._strike(mac, number)
            if self._vacancies is not None:
                self._vacancies.freed(number)

    def _strike(self, mac: str, number: int) -> None:
        """Nothing stays of it: telephones come with a new MAC every day."""
        self._by_mac.pop(mac, None)
        self._by_address.pop(number, None)

    def _note(self, number: int, until: float) -> None:
        if self._vacancies is not None:
            self._vacancies.note(number, until)

    def _touched(self) -> dict[int, float]:
        numbers = {*self._by_address, *self._offers, *self._declined}
        return {number: self.busy_until(number) for number in numbers}


class _Draft(LeaseTable):
    """Own entries first; None in an own entry hides the one below."""

    def __init__(self, below: LeaseTable) -> None:
        super().__init__()
        self._below = below
        self._occupied = below._occupied  # known of the wire, and no change of anybody's

    @override
    def lease_of(self, mac: str) -> Lease | None:
        return self._by_mac[mac] if mac in self._by_mac else self._below.lease_of(mac)

    @override
    def holder_of(self, number: int) -> Lease | None:
        own = self._by_address
        return own[number] if number in own else self._below.holder_of(number)

    @override
    def _strike(self, mac: str, number: int) -> None:
        self._by_mac[mac] = None
        self._by_address[number] = None

    @override
    def offer_of(self, number: int) -> Lease | None:
        return self._offers.get(number) or self._below.offer_of(number)

    @override
    def declined_until(self, number: int) -> float:
        if number in self._declined:
            return self._declined[number]
        return self._below.declined_until(number)

    @override
    def vacancies(self, pool: Pool) -> Vacancies:
        return self._below.vacancies(pool)

    @override
    def leases(self) -> tuple[Lease, ...]:
        below = {int(lease.address): lease for lease in self._below.leases()}
        merged: dict[int, Lease | None] = {**below, **self._by_address}
        return tuple(lease for _, lease in sorted(merged.items()) if lease is not None)
