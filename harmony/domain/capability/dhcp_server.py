"""Addresses by DHCP: reservations wanted, leases seen."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from harmony.domain.outcome import Change


@dataclass(frozen=True, slots=True)
class Reservation:
    """`mac` in the usual spelling gets `address` and is told `hostname`."""

    mac: str
    address: str
    hostname: str


@dataclass(frozen=True, slots=True)
class Reservations:
    """All that `owner` (the key of a Score) wants; others it wanted before are dropped."""

    owner: str
    reservations: tuple[Reservation, ...]


@dataclass(frozen=True, slots=True)
class LeaseQuery:
    """Leases of these MACs; of none given, all."""

    macs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lease:
    """`expires` in epoch seconds."""

    mac: str
    address: str
    hostname: str
    expires: float


@runtime_checkable
class DhcpServer(Protocol):
    @abstractmethod
    async def ensure_reservations(self, spec: Reservations) -> Change: ...

    @abstractmethod
    async def observe_leases(self, query: LeaseQuery) -> tuple[Lease, ...]: ...
