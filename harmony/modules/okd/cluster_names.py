"""The names of a cluster: its API's, its applications', its hosts', and whose name each address is.

Source: openshift-docs, modules/installation-dns-user-infra.adoc, "User-provisioned DNS requirements".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import Protocol

import pydantic
from typing_extensions import override

from harmony.domain.capability.dns_server import DnsQuery, DnsRecords, DnsServer
from harmony.domain.interpret import Interpret
from harmony.domain.outcome import Outcome
from harmony.domain.preflight.entrance import Balancer, ClusterEntrance
from harmony.domain.score import Many, Score
from harmony.domain.topology import Topology
from harmony.modules.okd.cluster_names_check import NamesWishes, check_names
from inventory.contribution import DnsRecord
from inventory.diagnostic import Diagnostic
from inventory.host import Host
from inventory.site import Site


class ClusterNamesTopology(Topology, DnsServer, Protocol):
    """A place with a DNS server, whichever."""


@pydantic.dataclasses.dataclass(frozen=True)
class OkdClusterNames(Score[ClusterNamesTopology]):
    """`api.NAME.BASE_DOMAIN` and `api-int` lead to `api`, every name under `apps` to `ingress`, and the
    hosts have their names beside them. An address is that of a load balancer, or of a host of a cluster
    without one."""

    name: str
    base_domain: str
    api: str
    ingress: str
    hosts: Many[Host]

    @property
    def domain(self) -> str:
        return f"{self.name}.{self.base_domain}"

    def records(self) -> tuple[DnsRecord, ...]:
        """Hosts first: an address is its first record's, and a node may take its name from there. That of
        a load balancer has both names of the API."""
        hosts = tuple((host.name.lower(), host.address or "") for host in self.hosts)
        others = (("api", self.api), ("api-int", self.api), ("*.apps", self.ingress))
        balanced = self.api not in {address for _, address in hosts}
        return tuple(
            DnsRecord(f"{name}.{self.domain}", to, reverse=balanced and name == "api-int")
            for name, to in (*hosts, *others)
        )

    @override
    def key(self) -> str:
        return f"okd-cluster-names/{self.domain}"

    @override
    def interpret(self) -> Interpret[ClusterNamesTopology]:
        return ClusterNamesInterpret(self.domain, DnsRecords(self.key(), self.records()))

    def smoke_test(self) -> Interpret[ClusterNamesTopology]:
        return ClusterNamesSmokeTest(self.domain, self.records())

    def upkeep(self) -> Interpret[ClusterNamesTopology]:
        """The same again: records can be taken away by hand."""
        return self.interpret()

    def dns_names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(record.name for record in self.records()))

    def cluster_entrance(self) -> ClusterEntrance:
        """Of a cluster whose API has an address of its own, the site's load balancer answers there, if
        no Score makes one."""
        api, ingress = IPv4Address(self.api), IPv4Address(self.ingress)
        of_hosts = {host.address for host in self.hosts}
        balancer = Balancer.NODES if self.api in of_hosts else Balancer.SITE
        names = frozenset(host.name for host in self.hosts)
        return ClusterEntrance(
            self.name, self.domain, api, balancer, ingress, self.base_domain, names
        )

    def check(self, site: Site) -> tuple[Diagnostic, ...]:
        wishes = NamesWishes(self.name, self.base_domain, self.api, self.ingress, tuple(self.hosts))
        return check_names(self, wishes)


@dataclass(frozen=True, slots=True)
class ClusterNamesInterpret(Interpret[ClusterNamesTopology]):
    domain: str
    wanted: DnsRecords

    @override
    async def execute(self, topology: ClusterNamesTopology) -> Outcome:
        change = await topology.ensure_dns_records(self.wanted)
        return Outcome.done(f"{self.domain} has its names", (change,))


@dataclass(frozen=True, slots=True)
class ClusterNamesSmokeTest(Interpret[ClusterNamesTopology]):
    domain: str
    records: Sequence[DnsRecord]

    @override
    async def execute(self, topology: ClusterNamesTopology) -> Outcome:
        """A name that leads somewhere else as well would be taken for half of all connections."""
        names = tuple(record.name for record in self.records)
        served = await topology.observe_dns_records(DnsQuery(names))
        wrong = [
            f"{record.name} leads to {_words(served, record.name)} and not {record.address}"
            for record in self.records
            if {one.address for one in served if one.name == record.name} != {record.address}
        ]
        if wrong:
            return Outcome.running(f"waiting for the names of {self.domain}", details=tuple(wrong))
        return Outcome.done(f"all names of {self.domain} lead where they must")


def _words(served: Sequence[DnsRecord], name: str) -> str:
    return ", ".join(one.address for one in served if one.name == name) or "nothing"
