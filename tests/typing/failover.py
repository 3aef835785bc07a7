"""A composite that lifts one capability of its members, in the shape that both checkers enforce:
an overload on the type of self, a decoy that nobody can call, an implementation with bare self."""

from __future__ import annotations

from typing import Never, Protocol, TypeVar, overload

import pydantic
from typing_extensions import override

from harmony.domain.capability import DnsServer
from harmony.domain.capability.dns_server import DnsQuery, DnsRecords
from harmony.domain.interpret import Interpret
from harmony.domain.outcome import Change, Outcome
from harmony.domain.score import Score
from harmony.domain.topology import CompositeTopology, Topology
from inventory.contribution import DnsRecord


class Names(Topology, DnsServer, Protocol):
    """A topology with DNS."""


T_co = TypeVar("T_co", bound=Topology, covariant=True)


class Failover(CompositeTopology[T_co]):
    """Every capability is asked of the primary, then of the replica."""

    def __init__(self, primary: T_co, replica: T_co) -> None:
        self._primary = primary
        self._replica = replica

    @override
    def members(self) -> tuple[T_co, ...]:
        return (self._primary, self._replica)

    @override
    def describe(self) -> str:
        return f"failover of {self._primary.describe()} and {self._replica.describe()}"

    @override
    async def ensure_ready(self) -> Outcome:
        return Outcome.done("ready")

    @overload
    async def ensure_dns_records(self: Failover[Names], spec: DnsRecords) -> Change: ...
    @overload
    async def ensure_dns_records(self, spec: Never) -> Change: ...
    async def ensure_dns_records(self, spec: DnsRecords) -> Change:
        changes: list[Change] = []
        members: tuple[Topology, ...] = self.members()
        for member in members:
            assert isinstance(member, DnsServer)
            changes.append(await member.ensure_dns_records(spec))
        return Change(any(change.changed for change in changes))

    @overload
    async def observe_dns_records(
        self: Failover[Names], query: DnsQuery
    ) -> tuple[DnsRecord, ...]: ...
    @overload
    async def observe_dns_records(self, query: Never) -> tuple[DnsRecord, ...]: ...
    async def observe_dns_records(self, query: DnsQuery) -> tuple[DnsRecord, ...]:
        primary: Topology = self._primary
        assert isinstance(primary, DnsServer)
        return await primary.observe_dns_records(query)


@pydantic.dataclasses.dataclass(frozen=True)
class ZoneScore(Score[Names]):
    zone: str

    @override
    def key(self) -> str:
        return f"zone/{self.zone}"

    @override
    def interpret(self) -> Interpret[Names]:
        return _ZoneInterpret()


class _ZoneInterpret:
    async def execute(self, topology: Names) -> Outcome:
        return Outcome.done(
            "zone is there", [await topology.ensure_dns_records(DnsRecords("", ()))]
        )
