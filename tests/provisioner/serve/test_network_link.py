from __future__ import annotations

import asyncio
from dataclasses import replace
from ipaddress import IPv4Address
from pathlib import Path

import pytest

from provisioner.protocol.boot.network_plan import link_of
from provisioner.serve.boot_program_folder import BootProgramFolder
from provisioner.serve.network_link import NetworkLink
from tests.provisioner.protocol.boot.values import LAN, SITE
from tests.provisioner.serve.world import World

pytestmark = pytest.mark.unit

OTHER = IPv4Address("10.7.0.2")


class Presence:
    def __init__(self) -> None:
        self.now: tuple[frozenset[IPv4Address], bool] = (frozenset(), False)

    def __call__(self) -> tuple[frozenset[IPv4Address], bool]:
        return self.now


async def story(folder: Path) -> None:
    world = await World(SITE).open()
    presence = Presence()
    link = NetworkLink(LAN, SITE, world.memory, BootProgramFolder(folder), presence)
    first = link.current()
    assert first == link_of(LAN, SITE, (), frozenset(), "http://10.7.0.1", programs=frozenset())
    assert link.current() is first

    presence.now = (frozenset({OTHER}), True)
    beside = link.current()
    assert (beside.foreign_servers, beside.withholds) == presence.now
    world.memory.revision += 1
    assert link.current() is not beside

    (folder / "snponly.efi").touch()
    with_program = link.current().netboot
    assert with_program is not None
    assert with_program.programs == {"snponly.efi"}

    link.follow(replace(LAN, lease_time=600), SITE)
    assert link.current().lease_time == 600


def test_it_is_made_anew_with_what_it_depends_on_and_only_then(tmp_path: Path) -> None:
    asyncio.run(story(tmp_path))
