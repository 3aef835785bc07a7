"""Who asks is known by the lease of the source address, and by the token where something is secret."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from ipaddress import IPv4Address

import pytest

from provisioner.serve.askers import Asker, Askers, same_token
from provisioner.serve.errors import NotAllowed
from provisioner.serve.http_message import Request
from tests.provisioner.protocol.boot.values import LAN, MAC
from tests.provisioner.serve.world import ADDRESS, World

pytestmark = pytest.mark.unit

Story = Callable[[World, Askers], Awaitable[None]]


def play(story: Story) -> None:
    async def played() -> None:
        world = await World().open()
        await story(world, Askers(LAN, world.ledger))

    asyncio.run(played())


def request(peer: IPv4Address = ADDRESS, authorization: str | None = None) -> Request:
    headers = {} if authorization is None else {"authorization": authorization}
    return Request("GET", "/", {}, headers, b"", peer, LAN.ip_address)


def test_an_asker_is_the_mac_whose_lease_the_address_is() -> None:
    async def story(world: World, askers: Askers) -> None:
        with pytest.raises(NotAllowed, match=r"no machine has a lease of 10\.7\.0\.11"):
            askers.of(request())
        world.lease()
        assert askers.of(request()) == Asker(MAC, "http://10.7.0.1")
        askers.require_running_lease(request())

    play(story)


def test_a_lease_that_has_just_expired_still_tells_who_asks() -> None:
    async def story(world: World, askers: Askers) -> None:
        world.lease()
        world.now += 601
        assert askers.of(request()).mac == MAC
        with pytest.raises(NotAllowed, match="has expired"):
            askers.require_running_lease(request())

    play(story)


def test_a_machine_is_known_once_it_was_heard() -> None:
    async def story(world: World, askers: Askers) -> None:
        world.lease()
        assert askers.machine_at(ADDRESS) is None
        with pytest.raises(NotAllowed, match="no machine is known"):
            askers.known(askers.of(request()))
        machine = await world.machine()
        assert askers.known(askers.of(request())) == machine
        assert askers.machine_at(ADDRESS) == machine
        assert askers.machine_at(IPv4Address("10.7.0.12")) is None
        world.now += 5
        askers.of(request())
        assert world.ledger.last_heard(machine) == world.now

    play(story)


@pytest.mark.parametrize(
    "authorization", [None, "", "token-1", "Basic token-1", "Bearer", "Bearer token-2", "Bearer ü"]
)
def test_an_agent_without_its_machines_token(authorization: str | None) -> None:
    async def story(world: World, askers: Askers) -> None:
        await world.machine()
        asking = request(authorization=authorization)
        with pytest.raises(NotAllowed, match="not this machine's token"):
            askers.agents_machine(askers.of(asking), asking)

    play(story)


def test_an_agent_with_its_machines_token() -> None:
    async def story(world: World, askers: Askers) -> None:
        machine = await world.machine()
        asking = request(authorization="bearer  token-1 ")
        assert askers.agents_machine(askers.of(asking), asking) == machine

    play(story)


def test_what_a_machine_was_given_is_logged_under_its_hosts_name() -> None:
    async def story(world: World, askers: Askers) -> None:
        askers.log("ScriptServed", await world.machine(), plan="x")
        logged = world.store.logged[-1]
        assert (logged.kind, logged.mac, logged.host) == ("ScriptServed", MAC, "cp1")
        assert logged.detail == {"plan": "x"}

    play(story)


def test_tokens_are_compared_whole() -> None:
    assert same_token("abc", "abc")
    assert not same_token("", "abc")
    assert not same_token("ab", "abc")
    assert not same_token("ü", "abc")
