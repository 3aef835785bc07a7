from __future__ import annotations

import asyncio
from ipaddress import IPv4Address

import pytest

from harmony.domain.preflight.entrance import Balancer, ClusterEntrance
from harmony.domain.preflight.finding import Finding
from harmony.modules.preflight.address_checks import AddressChecks
from harmony.modules.preflight.addresses import Holders
from inventory import Host, Network, Nic, Site

pytestmark = pytest.mark.unit

LAN = Network(
    "lan",
    "10.7.0.0/24",
    interface="lan0",
    address="10.7.0.1",
    pool=("10.7.0.100", "10.7.0.199"),
    exclude=["10.7.0.150"],
)
FAR = Network("far", "10.9.0.0/24", "lan0", "10.7.0.1", gateway="10.9.0.1", relays=["10.9.0.1"])
CP1 = Host("cp1", nics=[Nic("52-54-00-07-00-11")], address="10.7.0.11")
W1 = Host("w1", nics=[Nic("52:54:00:07:00:12")], address="10.9.0.12")
RULED = Host("w2", serial="X", address="10.7.0.13")
SITE = Site("home", [LAN, FAR], [CP1, W1, RULED])
asked: list[tuple[str, str]] = []


async def nobody_has(address: IPv4Address, interface: str) -> Holders:
    asked.append((str(address), interface))
    return Holders(address)


def looked(api: str, balancer: Balancer, ingress: str | None = None) -> list[Finding]:
    asked.clear()
    address = None if ingress is None else IPv4Address(ingress)
    entrance = ClusterEntrance("c", "c.example", IPv4Address(api), balancer, address)
    checks = list(AddressChecks(SITE, nobody_has).of_cluster(entrance))

    async def look() -> list[Finding]:
        return [await check.look() for check in checks]

    return asyncio.run(look())


@pytest.mark.parametrize(
    ("api", "balancer", "verdict", "words"),
    [
        ("10.7.0.5", Balancer.NODES, "success", "nobody has 10.7.0.5 yet"),
        ("10.7.0.150", Balancer.NODES, "success", "nobody has 10.7.0.150 yet"),
        ("10.7.0.11", Balancer.NODES, "not applicable", "it is the address of cp1"),
        ("10.7.0.120", Balancer.SITE, "failure", "it is in the pool of 'lan'"),
        ("10.8.0.5", Balancer.SITE, "not applicable", "in none of the site's networks"),
        ("10.8.0.5", Balancer.NODES, "failure", "the nodes can't have it"),
        ("10.9.0.5", Balancer.NODES, "not applicable", "the jump host is not in network 'far'"),
    ],
)
def test_addresses_of_a_cluster(api: str, balancer: Balancer, verdict: str, words: str) -> None:
    (finding,) = looked(api, balancer)
    assert (finding.verdict.value, words in finding.words) == (verdict, True), finding


def test_one_address_for_both_is_asked_after_once() -> None:
    assert len(looked("10.7.0.5", Balancer.NODES, "10.7.0.5")) == 1
    assert len(looked("10.7.0.5", Balancer.NODES, "10.7.0.6")) == 2
    assert asked == [("10.7.0.5", "lan0"), ("10.7.0.6", "lan0")]


def test_hosts_that_are_known_by_their_cards() -> None:
    checks = list(AddressChecks(SITE, nobody_has).of_hosts())
    assert [check.subject for check in checks] == ["cp1", "w1"]

    async def look() -> list[str]:
        return [(await check.look()).words for check in checks]

    assert asyncio.run(look()) == [
        "nobody has 10.7.0.11 yet",
        "the jump host is not in the network of 10.9.0.12",
    ]
