from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from ipaddress import IPv4Address

import pytest

from harmony.domain.preflight.check import Check
from harmony.domain.preflight.entrance import Balancer, ClusterEntrance
from harmony.domain.preflight.finding import Verdict
from harmony.modules.preflight.name_answer import NameAnswer, Resolver
from harmony.modules.preflight.name_checks import (
    NameChecks,
    RecordType,
    names_of_hosts,
    resolvers_of,
)
from inventory import Host, NameServer, Network, Site

pytestmark = pytest.mark.unit

SERVER = Resolver(IPv4Address("10.7.0.2"), is_ours=False)
API, INGRESS = IPv4Address("10.7.0.5"), IPv4Address("10.7.0.6")
CLUSTER = ClusterEntrance(
    "c", "c.home.example", API, Balancer.SITE, INGRESS, base_domain="home.example"
)
LAN = Network("lan", "10.7.0.0/24", interface="lan0", address="10.7.0.1", dns=["10.7.0.2"])
ZONE = {
    "api.c.home.example": "10.7.0.5",
    "api-int.c.home.example": "10.7.0.5",
    "q7x.apps.c.home.example": "10.7.0.6",
    "cp1.home.example": "10.7.0.11",
    "5.0.7.10.in-addr.arpa": "api.c.home.example api-int.c.home.example",
    "11.0.7.10.in-addr.arpa": "cp1.home.example",
}


async def ask(names: Sequence[str], record: RecordType) -> list[NameAnswer]:
    """As a right zone answers; each name is asked for with the type it has."""
    for name in names:
        assert (record is RecordType.PTR) is name.endswith("in-addr.arpa")
    return [
        NameAnswer(SERVER, name, "NOERROR", tuple(ZONE[name].split()))
        if name in ZONE
        else NameAnswer(SERVER, name, "NXDOMAIN")
        for name in names
    ]


def told(checks: Sequence[Check]) -> list[tuple[str, str, Verdict]]:
    async def look() -> list[Verdict]:
        return [(await check.look()).verdict for check in checks]

    verdicts = asyncio.run(look())
    return [(one.kind.id, one.subject, said) for one, said in zip(checks, verdicts, strict=True)]


def test_a_clusters_names_in_full() -> None:
    ok = Verdict.SUCCESS
    assert told(list(NameChecks(ask, "q7x").of_cluster(CLUSTER))) == [
        ("api-domain-name-resolved-correctly", "api.c.home.example", ok),
        ("api-int-domain-name-resolved-correctly", "api-int.c.home.example", ok),
        ("api-address-resolved-correctly", "api.c.home.example", ok),
        ("api-int-address-resolved-correctly", "api-int.c.home.example", ok),
        ("apps-domain-name-resolved-correctly", "*.apps.c.home.example", ok),
        ("dns-wildcard-not-configured", "c.home.example", ok),
    ]


def test_hosts() -> None:
    hosts = [Host("cp1", address="10.7.0.11"), Host("w1", address="10.7.0.12"), Host("w2")]
    site = Site("home", [LAN], hosts, domain="home.example")
    assert [
        (name, said.value) for _, name, said in told(list(NameChecks(ask, "q").of_hosts(site, [])))
    ] == [
        ("cp1", "success"),
        ("cp1", "success"),
        ("w1", "failure"),
        ("w1", "failure"),
        ("w2", "not applicable"),
        ("w2", "not applicable"),
    ]


def test_hosts_without_a_domain_have_no_names() -> None:
    site = Site("home", [LAN], [Host("cp1", address="10.7.0.11")])
    checks = list(NameChecks(ask, "q").of_hosts(site, []))
    assert {said for _, _, said in told(checks)} == {Verdict.NOT_APPLICABLE}


def test_hosts_of_a_cluster_have_their_names_there() -> None:
    site = Site("home", [LAN], [Host("cp1", address="10.7.0.11"), Host("nas", address="10.7.0.9")])
    asked: list[str] = []

    async def heard(names: Sequence[str], record: RecordType) -> list[NameAnswer]:
        asked.extend(names)
        return await ask(names, record)

    for domain in (None, "home.example"):
        asked.clear()
        cluster = replace(CLUSTER, hosts=frozenset(["cp1"]))
        named = replace(site, domain=domain)
        found = told(list(NameChecks(heard, "q").of_hosts(named, [cluster])))
        of_nas = next(said.value for _, of, said in found if of == "nas")
        assert of_nas == ("failure" if domain else "not applicable")
        assert asked[:2] == ["cp1.c.home.example", "11.0.7.10.in-addr.arpa"]
        # the reverse name in the site's domain is the host's own too
        assert found[1][2] is (Verdict.SUCCESS if domain else Verdict.FAILURE)


@pytest.mark.parametrize(
    ("made", "server", "verdict"),
    [
        ("by_scores", Resolver(IPv4Address("10.7.0.1"), is_ours=True), "pending"),
        ("by_scores", Resolver(IPv4Address("10.7.0.2"), is_ours=False, is_fed=True), "pending"),
        ("by_scores", SERVER, "failure"),
        ("by_daemon", Resolver(IPv4Address("10.7.0.1"), is_ours=True), "pending"),
        ("by_daemon", Resolver(IPv4Address("10.7.0.2"), is_ours=False, is_fed=True), "failure"),
        ("unheard_of", Resolver(IPv4Address("10.7.0.1"), is_ours=True), "failure"),
    ],
)
def test_names_that_serve_will_make(made: str, server: Resolver, verdict: str) -> None:
    async def empty(names: Sequence[str], _: RecordType) -> list[NameAnswer]:
        return [NameAnswer(server, name, "NXDOMAIN") for name in names]

    names = frozenset(["api.c.home.example"])
    checks = NameChecks(
        empty,
        "q7x",
        by_scores=names if made == "by_scores" else frozenset(),
        by_daemon=names if made == "by_daemon" else frozenset(),
    )
    found = {kind: said.value for kind, _, said in told(list(checks.of_cluster(CLUSTER)))}
    assert found["api-domain-name-resolved-correctly"] == verdict
    assert found["api-address-resolved-correctly"] == verdict
    assert found["apps-domain-name-resolved-correctly"] == "failure"


def test_the_names_that_the_daemon_has_of_its_own() -> None:
    site = Site("home", [LAN], [Host("cp1"), Host("w1")], domain="home.example")
    assert names_of_hosts(site) == {"cp1.home.example", "w1.home.example"}
    assert names_of_hosts(replace(site, domain=None)) == frozenset()


def test_the_name_servers_are_those_that_machines_are_told_of() -> None:
    other = Network("other", "10.8.0.0/24", interface="lan1", address="10.8.0.1")
    both = Network(
        "both", "10.9.0.0/24", interface="lan2", address="10.9.0.1", dns=["10.7.0.2", "10.9.0.1"]
    )
    fed = NameServer("10.7.0.2", ["home.example"], key="updates")
    assert resolvers_of(Site("home", [LAN], [], name_server=fed)) == (replace(SERVER, is_fed=True),)
    assert resolvers_of(Site("home", [LAN, other, both], [])) == (
        SERVER,
        Resolver(IPv4Address("10.8.0.1"), is_ours=True),
        Resolver(IPv4Address("10.9.0.1"), is_ours=True),
    )
