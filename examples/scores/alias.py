"""A second name for an address: the smallest Score that needs something of a site and proves it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import pydantic
from typing_extensions import override

from harmony.domain.capability.dns_server import DnsQuery, DnsRecords, DnsServer
from harmony.domain.interpret import Interpret
from harmony.domain.outcome import Outcome
from harmony.domain.score import Score
from harmony.domain.topology import Topology
from inventory.contribution import DnsRecord


class AliasTopology(Topology, DnsServer, Protocol):
    """What an Alias needs: any place with a DNS server."""


@pydantic.dataclasses.dataclass(frozen=True)
class Alias(Score[AliasTopology]):
    """The full name `name` leads to `address`."""

    name: str
    address: str

    @override
    def key(self) -> str:
        return f"alias/{self.name}"

    @override
    def interpret(self) -> Interpret[AliasTopology]:
        return AliasInterpret(self.key(), DnsRecord(self.name, self.address))

    def smoke_test(self) -> Interpret[AliasTopology]:
        return AliasSmokeTest(DnsRecord(self.name, self.address))


@dataclass(frozen=True, slots=True)
class AliasInterpret(Interpret[AliasTopology]):
    owner: str
    record: DnsRecord

    @override
    async def execute(self, topology: AliasTopology) -> Outcome:
        change = await topology.ensure_dns_records(DnsRecords(self.owner, (self.record,)))
        return Outcome.done(f"{self.record.name} is {self.record.address}", (change,))


@dataclass(frozen=True, slots=True)
class AliasSmokeTest(Interpret[AliasTopology]):
    record: DnsRecord

    @override
    async def execute(self, topology: AliasTopology) -> Outcome:
        served = await topology.observe_dns_records(DnsQuery((self.record.name,)))
        if self.record.address in {one.address for one in served}:
            return Outcome.done(f"{self.record.name} is answered")
        return Outcome.running(f"the DNS server does not answer {self.record.name} yet")
