from __future__ import annotations

import asyncio
from dataclasses import replace
from ipaddress import IPv4Address

import pytest

from inventory.host import Host, Nic
from provisioner.protocol.dhcp.lease import Bound, Lease
from provisioner.serve.leased_names import LeasesOfHosts
from tests.provisioner.protocol.boot.values import LAN, MAC, OTHER_MAC, SITE
from tests.provisioner.serve.world import World

pytestmark = pytest.mark.unit

STRANGER = "52:54:00:07:00:99"
FIRST, SECOND = IPv4Address("10.7.0.100"), IPv4Address("10.7.0.101")
TWO = replace(SITE, hosts=(*SITE.hosts, Host("w1", [Nic(OTHER_MAC)])))


def test_a_host_without_a_declared_address_has_the_one_it_has_leased() -> None:
    async def story() -> None:
        world = await World(TWO).open()
        names = LeasesOfHosts(world.memory, lambda: world.now)
        assert names.address_of("w1") is None
        await world.machine(OTHER_MAC, FIRST)
        assert (names.address_of("w1"), names.host_at(FIRST)) == (FIRST, "w1")
        world.now += 601
        assert (names.address_of("w1"), names.host_at(FIRST)) == (None, None)

    asyncio.run(story())


def test_nobody_else_has_a_name() -> None:
    """Neither a host with a declared address in the pool, nor a machine that nobody declared."""

    async def story() -> None:
        world = await World(TWO).open()
        names = LeasesOfHosts(world.memory, lambda: world.now)
        await world.machine(MAC, FIRST)
        await world.machine(STRANGER, SECOND)
        assert names.address_of("cp1") is names.address_of("nobody") is None
        assert names.host_at(FIRST) is names.host_at(SECOND) is None

    asyncio.run(story())


def test_a_host_with_two_leases_has_one_name_that_leads_back() -> None:
    async def story() -> None:
        world = await World(TWO).open()
        names = LeasesOfHosts(world.memory, lambda: world.now)
        await world.machine(OTHER_MAC, FIRST)
        leases = world.memory.leases_of(LAN.name)
        leases.apply(Bound(Lease(OTHER_MAC, SECOND, world.now + 600)))
        assert (names.address_of("w1"), names.host_at(SECOND)) == (SECOND, "w1")
        assert names.host_at(FIRST) is None

    asyncio.run(story())
