"""Topologies and Scores that the type samples share. None of them does anything."""

from __future__ import annotations

from typing import Protocol

import pydantic
from typing_extensions import override

from harmony.domain.capability import DhcpServer, DnsServer
from harmony.domain.capability.dhcp_server import Lease, LeaseQuery, Reservations
from harmony.domain.capability.dns_server import DnsQuery, DnsRecords
from harmony.domain.interpret import Interpret
from harmony.domain.outcome import Change, Outcome
from harmony.domain.score import Score
from harmony.domain.topology import Topology
from inventory.contribution import DnsRecord


class NamesAndAddresses(Topology, DnsServer, DhcpServer, Protocol):
    """What NamesScore needs."""


@pydantic.dataclasses.dataclass(frozen=True)
class NamesScore(Score[NamesAndAddresses]):
    zone: str

    @override
    def key(self) -> str:
        return f"names/{self.zone}"

    @override
    def interpret(self) -> Interpret[NamesAndAddresses]:
        return _NamesInterpret(self)


class _NamesInterpret:
    def __init__(self, score: NamesScore) -> None:
        self._score = score

    async def execute(self, topology: NamesAndAddresses) -> Outcome:
        change = await topology.ensure_dns_records(DnsRecords(self._score.key(), ()))
        return Outcome.done("names are there", [change])


class NamedTopology(Topology):
    """A topology that notes every call of a capability."""

    def __init__(self, name: str = "bare") -> None:
        self._name = name
        self.calls: list[str] = []

    @override
    def describe(self) -> str:
        return self._name

    @override
    async def ensure_ready(self) -> Outcome:
        return Outcome.done("ready")


class Bare(NamedTopology):
    """Has nothing."""


class NamesOnly(NamedTopology, DnsServer):
    """Has DNS but no DHCP."""

    @override
    async def ensure_dns_records(self, spec: DnsRecords) -> Change:
        self.calls.append("ensure_dns_records")
        return Change(changed=len(self.calls) == 1)

    @override
    async def observe_dns_records(self, query: DnsQuery) -> tuple[DnsRecord, ...]:
        return ()


class Full(NamesOnly, DhcpServer):
    """Has both."""

    @override
    async def ensure_reservations(self, spec: Reservations) -> Change:
        self.calls.append("ensure_reservations")
        return Change(changed=False)

    @override
    async def observe_leases(self, query: LeaseQuery) -> tuple[Lease, ...]:
        return ()
