from __future__ import annotations

import asyncio
from ipaddress import IPv4Address

import pytest

from inventory.host import AnyBlank, Host, Nic
from inventory.site import Site
from provisioner.protocol.dhcp.lease import Declined
from provisioner.serve.lease_views import LeaseState, LeaseView, lease_views
from tests.provisioner.protocol.boot.values import HOST, LAN, MAC
from tests.provisioner.serve.world import World

pytestmark = pytest.mark.unit

ELSEWHERE = Host("far", [Nic("52:54:00:07:00:77")], address="10.9.0.1", install_on=AnyBlank())
BY_SERIAL = Host("w1", serial="S", address="10.7.0.12", install_on=AnyBlank())
SITE = Site("home", [LAN], [HOST, BY_SERIAL, ELSEWHERE])


def view(address: str, state: LeaseState, **more: object) -> LeaseView:
    known: dict[str, object] = {"mac": "", "expires": 0.0, "host": None, **more}
    running = state is LeaseState.LEASED
    return LeaseView("lan", address=address, state=state, running=running, **known)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def test_every_address_that_somebody_has_had_or_shall_have_in_order() -> None:
    async def story() -> None:
        world = await World(SITE).open()
        assert lease_views(world.memory, world.now) == [
            view("10.7.0.11", LeaseState.RESERVED, mac=MAC, host="cp1"),
            view("10.7.0.12", LeaseState.RESERVED, host="w1"),
        ]
        world.lease()
        world.lease("02:00:00:00:00:05", IPv4Address("10.7.0.105"), seconds=-5)
        table = world.memory.leases_of("lan")
        for last, until in ((12, world.now + 300), (106, world.now)):
            disputed = IPv4Address(f"10.7.0.{last}")
            table.apply(Declined("02:00:00:00:00:06", disputed, until))
        table.occupy(int(IPv4Address("10.7.0.110")), "02:00:00:00:00:07")
        assert lease_views(world.memory, world.now) == [
            view("10.7.0.11", LeaseState.LEASED, mac=MAC, expires=1600.0, host="cp1"),
            view("10.7.0.12", LeaseState.DECLINED, expires=1300.0),
            view("10.7.0.105", LeaseState.EXPIRED, mac="02:00:00:00:00:05", expires=995.0),
            view("10.7.0.110", LeaseState.OCCUPIED, mac="02:00:00:00:00:07"),
        ]

    asyncio.run(story())


def test_before_there_is_a_site() -> None:
    assert lease_views(World(None).memory, 0.0) == []
