"""Addresses that somebody has, on a real wire, and free again."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from ipaddress import IPv4Address

import pytest

from harmony.domain.preflight.entrance import Balancer, ClusterEntrance
from harmony.domain.preflight.result import Result
from harmony.modules.preflight.address_checks import AddressChecks
from harmony.modules.preflight.addresses import Holders
from inventory import Host, Network, Nic, Site
from provisioner.cli.preflight.address_probe import AddressProbe
from provisioner.cli.preflight.examination import examine
from provisioner.serve.errors import InterfaceMissing
from provisioner.serve.links import interfaces
from tests.namespaces import NetworkNamespace, Segment, segment

pytestmark = pytest.mark.protocol

VIP, STRANGER, OTHER = IPv4Address("10.7.0.5"), "52:54:00:07:00:99", "52:54:00:07:00:98"
LAN = Network("lan", "10.7.0.0/24", interface="lan0", address="10.7.0.1")
SITE = Site("home", [LAN], [Host("cp1", nics=[Nic("52:54:00:07:00:11")], address="10.7.0.11")])
CLUSTER = ClusterEntrance("c", "c.example", VIP, Balancer.NODES)


@pytest.fixture
def wire() -> Iterator[Segment]:
    with segment() as made:
        yield made


@pytest.fixture
def jump_host(wire: Segment) -> NetworkNamespace:
    return wire.station("lan0", "10.7.0.1/24")


def holders(jump_host: NetworkNamespace, address: IPv4Address = VIP) -> Holders:
    def look() -> Holders:
        return asyncio.run(AddressProbe(interfaces()).who_has(address, "lan0"))

    return jump_host.call(look)


def looked(jump_host: NetworkNamespace) -> dict[str, Result]:
    def look() -> tuple[Result, ...]:
        checks = AddressChecks(SITE, AddressProbe(interfaces()).who_has)
        return asyncio.run(examine([*checks.of_cluster(CLUSTER), *checks.of_hosts()]))

    return {one.check: one for one in jump_host.call(look)}


def test_an_address_that_somebody_has_and_free_again(
    wire: Segment, jump_host: NetworkNamespace
) -> None:
    squatter = wire.station("eth0", "10.7.0.5/24", mac=STRANGER)
    squatter.run("ip", "address", "add", "10.7.0.11/24", "dev", "eth0")
    found = looked(jump_host)
    assert [one.verdict.value for one in found.values()] == ["failure", "failure"]
    assert f"{STRANGER} has 10.7.0.5 already" in found["api-vips-valid"].words
    assert f"{STRANGER} has 10.7.0.11, and is not cp1" in found["no-ip-collisions-in-network"].words
    assert STRANGER in found["api-vips-valid"].fix
    squatter.run("ip", "address", "flush", "dev", "eth0")
    assert [one.verdict.value for one in looked(jump_host).values()] == ["success", "success"]


def test_two_that_have_it(wire: Segment, jump_host: NetworkNamespace) -> None:
    for mac in (STRANGER, OTHER):
        wire.station("eth0", "10.7.0.5/24", mac=mac)
    assert holders(jump_host) == Holders(VIP, (OTHER, STRANGER))


def test_the_jump_hosts_own(jump_host: NetworkNamespace) -> None:
    assert holders(jump_host, IPv4Address("10.7.0.1")) == Holders(
        IPv4Address("10.7.0.1"), (), "lan0"
    )


def test_an_interface_that_is_not_there(jump_host: NetworkNamespace) -> None:
    with pytest.raises(InterfaceMissing):
        jump_host.call(lambda: asyncio.run(AddressProbe(()).who_has(VIP, "lan7")))
