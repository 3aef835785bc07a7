from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from typing_extensions import override

from examples.scores.alias import Alias
from harmony.domain.capability.dns_server import DnsQuery, DnsRecords, DnsServer
from harmony.domain.outcome import Change, Outcome
from inventory.contribution import DnsRecord
from tests.harmony.idempotence import assert_idempotent

pytestmark = pytest.mark.unit


@dataclass
class Zone(DnsServer):
    """A place with a DNS server: the records are in memory."""

    served: dict[str, tuple[DnsRecord, ...]] = field(
        default_factory=dict[str, tuple[DnsRecord, ...]]
    )
    writes: list[str] = field(default_factory=list[str])

    def describe(self) -> str:
        return "zone"

    async def ensure_ready(self) -> Outcome:
        return Outcome.done("zone is there")

    @override
    async def ensure_dns_records(self, spec: DnsRecords) -> Change:
        if self.served.get(spec.owner) == spec.records:
            return Change(False, spec.owner)
        self.served[spec.owner] = spec.records
        self.writes.append(spec.owner)
        return Change(True, spec.owner)

    @override
    async def observe_dns_records(self, query: DnsQuery) -> tuple[DnsRecord, ...]:
        every = (record for records in self.served.values() for record in records)
        return tuple(record for record in every if record.name in query.names)


def test_the_second_run_writes_nothing() -> None:
    zone = Zone()
    outcome = assert_idempotent(zone, Alias("registry.home.example", "10.7.0.5"))
    assert zone.served == {
        "alias/registry.home.example": (DnsRecord("registry.home.example", "10.7.0.5"),)
    }
    assert outcome.status == "success"
