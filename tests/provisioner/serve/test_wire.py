"""Networks that come, change and go, in a namespace of their own."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace

import pytest

from inventory.codes import Code
from inventory.errors import OperatorError
from inventory.network import Network
from inventory.site import Site
from provisioner.protocol.boot.desired import Desired
from provisioner.serve.wire import Wire
from tests.namespaces import NetworkNamespace, segment
from tests.provisioner.protocol.boot.values import SITE
from tests.provisioner.serve.test_network_services import HERE, PORTS, open_ports, rooms
from tests.provisioner.serve.world import World

pytestmark = pytest.mark.protocol

NOWHERE = Network("nowhere", "10.9.0.0/24", "lan9", "10.9.0.1")


@pytest.fixture
def station() -> Iterator[NetworkNamespace]:
    with segment() as wire:
        yield wire.station("lan0", "10.7.0.1/24")


def desired(*networks: Network) -> Desired:
    return Desired(site=replace(SITE, networks=networks, hosts=()))


def play(station: NetworkNamespace, story: Callable[[Wire], Awaitable[None]]) -> None:
    """The story beside the wire's own tasks, which end with it."""

    async def played() -> None:
        wire = Wire(rooms(await World(Site("home", [], [])).open()))

        async def told() -> None:
            await story(wire)
            raise _OverError

        try:
            async with asyncio.TaskGroup() as tasks:
                wire.start(tasks)
                tasks.create_task(told())
        except* _OverError:
            pass
        finally:
            wire.close()

    station.call(lambda: asyncio.run(played()))


class _OverError(Exception):
    """The story is told."""


async def served(wire: Wire, *networks: Network) -> None:
    prepared = await wire.prepare(desired(*networks), alone=False)
    prepared.put_in_force()


def names(wire: Wire) -> list[str]:
    return [one.network.name for one in wire.services]


def test_a_network_comes_and_goes(station: NetworkNamespace) -> None:
    async def story(wire: Wire) -> None:
        await served(wire, HERE)
        assert (names(wire), open_ports()) == (["lan"], PORTS)
        (before,) = wire.services
        await served(wire, replace(HERE, lease_time=60))
        (after,) = wire.services
        assert after is before
        assert after.network.lease_time == 60
        await served(wire)
        await asyncio.sleep(0)
        assert (names(wire), open_ports()) == ([], set())

    play(station, story)


def test_what_is_prepared_and_abandoned_leaves_everything_as_it_was(
    station: NetworkNamespace,
) -> None:
    async def story(wire: Wire) -> None:
        (await wire.prepare(desired(HERE), alone=False)).abandon()
        assert (names(wire), open_ports()) == ([], set())
        await served(wire, HERE)
        renamed = replace(HERE, name="other")
        (await wire.prepare(desired(renamed), alone=False)).abandon()
        assert (names(wire), open_ports()) == (["lan"], PORTS)
        await served(wire, renamed)
        assert (names(wire), open_ports()) == (["other"], PORTS)

    play(station, story)


def test_one_network_that_cannot_be_served_refuses_all(station: NetworkNamespace) -> None:
    async def story(wire: Wire) -> None:
        with pytest.raises(OperatorError) as refused:
            await wire.prepare(desired(HERE, NOWHERE), alone=False)
        assert [one.code for one in refused.value.diagnostics] == [Code.CANNOT_SERVE]
        assert (names(wire), open_ports()) == ([], set())

    play(station, story)
