from __future__ import annotations

import asyncio
from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path

import pytest

from inventory.network import Network
from provisioner.serve.boot_program_folder import BootProgramFolder
from provisioner.serve.networks_behind import NetworksBehind
from tests.provisioner.protocol.boot.values import LAN, SITE
from tests.provisioner.serve.world import World

pytestmark = pytest.mark.unit

FLOOR = Network(
    *("floor", "10.8.0.0/24", LAN.interface, LAN.address),
    pool=("10.8.0.100", "10.8.0.199"),
    gateway="10.8.0.1",
    relays=["10.8.0.1"],
)
OTHER = Network("other", "10.9.0.0/24", "eth2", "10.9.0.1")
WITH_FLOOR = replace(SITE, networks=(LAN, FLOOR, OTHER))


async def story(folder: Path) -> None:
    world = await World(WITH_FLOOR).open()
    programs = BootProgramFolder(folder)
    behind = NetworksBehind(world.memory, world.store, programs, lambda: world.now)
    behind.follow(OTHER, WITH_FLOOR)
    assert behind.current() == ()
    behind.follow(LAN, WITH_FLOOR)
    (floor,) = behind.current()
    link = floor.link()
    assert (link.subnet, link.withholds) == (IPv4Network("10.8.0.0/24"), False)
    assert link.relays == {IPv4Address("10.8.0.1")}
    assert list(behind.tables()) == [world.memory.leases_of("floor")]

    shorter = replace(FLOOR, lease_time=600)
    behind.follow(LAN, replace(WITH_FLOOR, networks=(LAN, shorter)))
    assert (behind.current(), behind.networks()) == ((floor,), (shorter,))
    assert floor.link().lease_time == 600

    behind.follow(LAN, SITE)
    assert behind.current() == ()


def test_networks_come_change_and_go_with_the_declaration(tmp_path: Path) -> None:
    asyncio.run(story(tmp_path))
