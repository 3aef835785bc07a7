from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from inventory.host import Host, MatchRule
from inventory.machine_state import MachineState
from inventory.matching import Ambiguous, Matched, Unmatched
from inventory.site import Site
from provisioner.agent.messages import NicReport
from provisioner.ports import StoreFailed
from provisioner.protocol.boot.lifecycle import LifeEvent
from tests.provisioner.protocol.boot.values import LAN, MAC, OTHER_MAC, REPORT, SITE
from tests.provisioner.serve.world import World

pytestmark = pytest.mark.unit


def test_a_step_that_is_not_committed_has_not_happened() -> None:
    async def story() -> None:
        world = await World().open()
        machine = await world.machine()
        world.store.full = True
        step = world.ledger.step(machine).reported(REPORT).advanced(LifeEvent.REPORTED)
        with pytest.raises(StoreFailed):
            await world.ledger.record(step)
        assert world.current() == machine

    asyncio.run(story())


def test_whoever_waits_is_woken_by_a_change() -> None:
    async def story() -> None:
        world = await World().open()
        async with asyncio.timeout(5), asyncio.TaskGroup() as tasks:
            tasks.create_task(world.ledger.changed(60))
            await asyncio.sleep(0)
            await world.machine()
        await world.ledger.changed(0.01)

    asyncio.run(story())


def test_ambiguous_and_unknown_machines_wait_and_say_why() -> None:
    async def story() -> None:
        rules = (
            Host("a", match=MatchRule(min_cpus=2)),
            Host("b", match=MatchRule(min_memory_gib=2)),
        )
        world = await World(Site("home", [LAN], rules)).open()
        machine = await world.machine()
        assert world.ledger.match_of(machine) is None
        machine = await world.reported()
        assert machine.state is MachineState.INVENTORIED
        assert world.store.kinds[-1] == "MatchAmbiguous"
        assert isinstance(world.ledger.match_of(machine), Ambiguous)
        nobody = replace(REPORT, cpus=1, memory=1)
        await world.machines.reported(machine, nobody)
        assert world.store.kinds[-1] == "MachineUnmatched"
        assert isinstance(world.ledger.match_of(world.current()), Unmatched)

    asyncio.run(story())


def test_a_machine_that_boots_from_a_new_card_is_not_installed_as_the_next_host() -> None:
    async def story() -> None:
        rules = (Host("a", match=MatchRule()), Host("b", match=MatchRule()))
        world = await World(Site("home", [LAN], rules)).open()
        first = await world.reported()
        assert first.host == "a"
        added = NicReport("eth1", OTHER_MAC, "x", True)
        again = await world.reported(replace(REPORT, boot_mac=OTHER_MAC, nics=(added,)), last=12)
        assert (again.state, again.host) == (MachineState.INVENTORIED, None)
        match = world.ledger.match_of(again)
        assert isinstance(match, Ambiguous)
        assert match.hosts == ("b",)
        assert f"a ({MAC}) has the same UUID {REPORT.system_uuid}" in match.reason

    asyncio.run(story())


def test_a_known_machine_is_assigned_with_its_report() -> None:
    async def story() -> None:
        world = await World(SITE).open()
        machine = await world.reported()
        assert (machine.state, machine.host) == (MachineState.ASSIGNED, "cp1")
        assert world.ledger.taken(machine) == {}
        assert isinstance(world.ledger.match_of(machine), Matched)
        other = replace(machine, mac="52:54:00:00:00:01")
        assert world.ledger.taken(other) == {"cp1": MAC}

    asyncio.run(story())
