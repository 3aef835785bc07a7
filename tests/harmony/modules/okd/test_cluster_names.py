from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Address

import pytest
from typing_extensions import override

from harmony.domain.capability.dns_server import DnsQuery, DnsRecords, DnsServer
from harmony.domain.document import from_document, to_document
from harmony.domain.outcome import Change, Outcome, Status
from harmony.domain.preflight.entrance import Balancer, ClusterEntrance
from harmony.domain.score import HasDnsNames, HasUpkeep
from harmony.modules.okd.cluster_names import OkdClusterNames
from inventory.contribution import DnsRecord
from inventory.host import Host, Nic
from inventory.network import Network
from inventory.site import Site
from tests.harmony.idempotence import assert_idempotent

pytestmark = pytest.mark.unit

CP1, W1 = (
    Host(name, [Nic(f"52:54:00:07:00:1{at}")], address=f"10.7.0.1{at}")
    for at, name in enumerate(("cp1", "w1"))
)
SITE = Site("home", [Network("lan", "10.7.0.0/24", "eth0", "10.7.0.1")], [CP1, W1])
NAMES = OkdClusterNames("okd", "home.example", api="10.7.0.5", ingress="10.7.0.6", hosts=[CP1, W1])
RECORDS = (
    DnsRecord("cp1.okd.home.example", "10.7.0.10"),
    DnsRecord("w1.okd.home.example", "10.7.0.11"),
    DnsRecord("api.okd.home.example", "10.7.0.5"),
    DnsRecord("api-int.okd.home.example", "10.7.0.5", reverse=True),
    DnsRecord("*.apps.okd.home.example", "10.7.0.6"),
)


@dataclass
class Zone(DnsServer):
    """A DNS server by hand; `others` are records that somebody else made."""

    others: tuple[DnsRecord, ...] = ()
    served: tuple[DnsRecord, ...] = ()
    writes: list[str] = field(default_factory=list[str])

    def describe(self) -> str:
        return "zone"

    async def ensure_ready(self) -> Outcome:
        return Outcome.done("zone is there")

    @override
    async def ensure_dns_records(self, spec: DnsRecords) -> Change:
        if self.served == spec.records:
            return Change(False, spec.owner)
        self.served = spec.records
        self.writes.append(spec.owner)
        return Change(True, spec.owner)

    @override
    async def observe_dns_records(self, query: DnsQuery) -> tuple[DnsRecord, ...]:
        return tuple(one for one in (*self.others, *self.served) if one.name in query.names)


def test_the_names_that_the_installer_and_the_nodes_look_up() -> None:
    assert NAMES.records() == RECORDS
    assert NAMES.key() == "okd-cluster-names/okd.home.example"
    assert NAMES.dns_names() == tuple(record.name for record in RECORDS)
    assert (isinstance(NAMES, HasUpkeep), isinstance(NAMES, HasDnsNames)) == (True, True)


def test_the_second_run_writes_nothing() -> None:
    zone = Zone()
    assert assert_idempotent(zone, NAMES).status is Status.SUCCESS
    assert zone.served == RECORDS


def test_a_single_node_is_its_own_load_balancer() -> None:
    alone = OkdClusterNames("okd", "home.example", "10.7.0.10", "10.7.0.10", [CP1])
    assert alone.check(SITE) == ()
    assert alone.records()[0] == RECORDS[0]
    assert {record.address for record in alone.records()} == {"10.7.0.10"}
    assert not any(record.reverse for record in alone.records())


def test_records_that_were_made_by_hand_are_as_good() -> None:
    """What they lead to counts, and not for how long."""
    zone = Zone(others=tuple(replace(record, ttl=3600) for record in RECORDS))
    assert tried(zone).status is Status.NOOP


LEADING = {
    "nowhere": (Zone(), "api.okd.home.example leads to nothing and not 10.7.0.5"),
    "somewhere else too": (
        Zone((DnsRecord("api.okd.home.example", "10.7.0.99"),), RECORDS),
        "api.okd.home.example leads to 10.7.0.99, 10.7.0.5 and not 10.7.0.5",
    ),
}


@pytest.mark.parametrize("zone, words", LEADING.values(), ids=LEADING)
def test_a_name_that_does_not_lead_where_it_must(zone: Zone, words: str) -> None:
    outcome = tried(zone)
    assert outcome.status is Status.RUNNING
    assert words in outcome.details


def tried(zone: Zone) -> Outcome:
    return asyncio.run(NAMES.smoke_test().execute(zone))


def test_it_comes_back_out_of_its_document() -> None:
    assert from_document(to_document(NAMES), [OkdClusterNames]) == NAMES


def test_nothing_is_wrong_with_good_ones() -> None:
    assert NAMES.check(SITE) == ()


def test_its_way_in() -> None:
    assert NAMES.cluster_entrance() == ClusterEntrance(
        "okd",
        "okd.home.example",
        IPv4Address("10.7.0.5"),
        Balancer.SITE,
        IPv4Address("10.7.0.6"),
        "home.example",
        frozenset(["cp1", "w1"]),
    )
    single = replace(NAMES, api="10.7.0.10", ingress="10.7.0.10")
    assert single.cluster_entrance().balancer is Balancer.NODES
