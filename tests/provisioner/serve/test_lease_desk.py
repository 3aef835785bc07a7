from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from ipaddress import IPv4Address

import pytest

from inventory.errors import OperatorError
from inventory.network import Network
from inventory.site import Site
from provisioner.ports import ChangeLeases, StoreFailed
from provisioner.protocol.dhcp.lease import Bound, Declined, Lease, Released
from provisioner.serve.errors import NoSuchThing, RefusedByState
from provisioner.serve.lease_desk import LeaseDesk
from tests.provisioner.protocol.boot.values import HOST, LAN, MAC
from tests.provisioner.serve.world import ADDRESS, World

pytestmark = pytest.mark.unit

HOUR = float(LAN.lease_time)
DMZ = Network("dmz", "10.8.0.0/24", "eth2", "10.8.0.1")


def play(story: Callable[[World, LeaseDesk], Awaitable[None]], site: Site | None = None) -> None:
    async def played() -> None:
        world = await (World() if site is None else World(site)).open()
        await story(world, LeaseDesk(world.ledger, world.store))

    asyncio.run(played())


async def refusal(desk: LeaseDesk, which: str, kind: type[OperatorError]) -> str:
    with pytest.raises(kind) as refused:
        await desk.release(which)
    return str(refused.value)


@pytest.mark.parametrize("which", [str(ADDRESS), MAC, MAC.upper().replace(":", "-")])
def test_the_lease_of_a_machine_that_is_off_ends_now_and_for_good(which: str) -> None:
    async def story(world: World, desk: LeaseDesk) -> None:
        world.lease(seconds=HOUR / 2 - 1)
        before = await desk.release(which)
        assert (before.address, before.running, before.host) == (str(ADDRESS), True, "cp1")
        assert world.memory.leases_of("lan").lease_of(MAC) == Lease(MAC, ADDRESS, world.now)
        released = ChangeLeases("lan", (Released(MAC, ADDRESS, world.now),))
        assert released in world.store.committed
        event = world.store.logged[-1]
        assert (event.kind, event.mac, event.host) == ("LeaseReleased", MAC, "cp1")
        assert event.detail["address"] == str(ADDRESS)
        words = await refusal(desk, which, NoSuchThing)
        assert words == f"{which} is not leased: it is expired"

    play(story)


def test_that_of_a_machine_that_is_on_only_when_that_is_said() -> None:
    async def story(world: World, desk: LeaseDesk) -> None:
        world.lease(seconds=HOUR)
        world.now += 10
        words = await refusal(desk, str(ADDRESS), RefusedByState)
        assert words.startswith("10.7.0.11 is in use: cp1 was heard 10 s ago, and goes on")
        assert world.memory.leases_of("lan").owner(ADDRESS, world.now) == MAC
        await desk.release(str(ADDRESS), although_alive=True)
        assert world.memory.leases_of("lan").owner(ADDRESS, world.now) is None

    play(story)


def test_a_machine_that_was_heard_after_its_renewal_is_on() -> None:
    async def story(world: World, desk: LeaseDesk) -> None:
        await world.machine()
        world.lease(seconds=HOUR)
        world.now += HOUR - 60
        world.memory.hear(MAC, world.now - 30)
        assert "heard 30 s ago" in await refusal(desk, MAC, RefusedByState)

    play(story)


def test_what_is_not_leased_says_what_it_is() -> None:
    async def story(world: World, desk: LeaseDesk) -> None:
        table = world.memory.leases_of("lan")
        table.apply(Declined(MAC, IPv4Address("10.7.0.105"), world.now + 300))
        for which, words in (
            ("10.7.0.105", "10.7.0.105 is not leased: it is declined"),
            ("10.7.0.11", "10.7.0.11 is not leased: it is reserved"),
            ("10.7.0.150", "10.7.0.150 is not leased"),
            ("02:00:00:00:00:01", "02:00:00:00:00:01 is not leased"),
            ("100.100.100.100", "100.100.100.100 is not leased"),
            ("cp1", "'cp1' is neither an IPv4 address nor a MAC"),
        ):
            assert await refusal(desk, which, NoSuchThing) == words
        assert world.store.kinds[-1] != "LeaseReleased"

    play(story)


def test_a_card_with_an_address_on_each_of_two_networks() -> None:
    async def story(world: World, desk: LeaseDesk) -> None:
        world.lease(seconds=1)
        there = IPv4Address("10.8.0.50")
        world.memory.leases_of("dmz").apply(Bound(Lease(MAC, there, world.now + 1)))
        words = await refusal(desk, MAC, RefusedByState)
        assert (
            words == f"{MAC} has several leases: 10.7.0.11 (lan), 10.8.0.50 (dmz); name the address"
        )
        assert (await desk.release("10.8.0.50")).network == "dmz"
        assert (await desk.release(MAC)).network == "lan"

    play(story, Site("home", [LAN, DMZ], [HOST]))


def test_nothing_has_happened_when_it_could_not_be_stored() -> None:
    async def story(world: World, desk: LeaseDesk) -> None:
        world.lease(seconds=1)
        world.store.full = True
        with pytest.raises(StoreFailed):
            await desk.release(MAC)
        assert world.memory.leases_of("lan").owner(ADDRESS, world.now) == MAC

    play(story)


def test_before_there_is_a_site() -> None:
    async def story() -> None:
        world = World(None)
        assert await refusal(LeaseDesk(world.ledger, world.store), MAC, NoSuchThing)

    asyncio.run(story())
