from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from inventory.host import AnyBlank, Host
from inventory.machine_state import MachineState
from inventory.site import Site
from provisioner.agent.messages import (
    Begun,
    DiskReport,
    Failed,
    HardwareReport,
    Wait,
    Written,
)
from provisioner.ports import ForgetMachine
from provisioner.serve.errors import NoSuchThing, RefusedByState
from tests.provisioner.protocol.boot.values import (
    BLANK,
    LAN,
    MAC,
    OTHER_MAC,
    REPORT,
    machine,
)
from tests.provisioner.serve.world import World

pytestmark = pytest.mark.unit

UNKNOWN = Site("home", [LAN], [Host("w1", serial="ANOTHER", install_on=AnyBlank())])


def test_an_unknown_machine_is_approved_as_a_host() -> None:
    async def story() -> None:
        world = await World(UNKNOWN).open()
        await world.machine()
        with pytest.raises(RefusedByState, match="discovered cannot be: assigned"):
            await world.operator.approve(MAC, "w1")
        await world.reported()
        assert world.current().state is MachineState.INVENTORIED
        with pytest.raises(NoSuchThing):
            await world.operator.approve("02:00:00:00:00:01", "w1")
        with pytest.raises(NoSuchThing):
            await world.operator.approve(MAC, "w9")
        for _ in range(2):
            approved = await world.operator.approve(MAC, "w1")
            assert (approved.state, approved.host) == (MachineState.ASSIGNED, "w1")

    asyncio.run(story())


OTHER_CARD = replace(REPORT.nics[0], mac=OTHER_MAC)
SAME_MACHINE = replace(REPORT, boot_mac=OTHER_MAC, nics=(OTHER_CARD,))
NEW_MACHINE = replace(SAME_MACHINE, system_uuid="6f6b1c0e-0000-4000-8000-000000000002")


async def two(report: HardwareReport, state: MachineState) -> World:
    """A machine that is w1 in this state, and another one that has reported."""
    world = await World(UNKNOWN).open()
    await world.reported()
    await world.operator.approve(MAC, "w1")
    usual = replace(machine(state), host="w1")
    world.memory.machines[MAC] = replace(usual, since=world.now, report=REPORT)
    world.memory.hear(MAC, world.now)
    await world.reported(report, last=99)
    return world


def test_a_host_is_one_machine_while_that_is_on() -> None:
    async def story() -> None:
        world = await two(SAME_MACHINE, MachineState.READY)
        with pytest.raises(RefusedByState, match=f"machine {MAC} is w1 already, and is not silent"):
            await world.operator.approve(OTHER_MAC, "w1")
        assert world.current(OTHER_MAC).host is None

    asyncio.run(story())


@pytest.mark.parametrize("state", [MachineState.READY, MachineState.INSTALLING])
def test_a_machine_with_another_card_goes_on_where_it_was(state: MachineState) -> None:
    async def story() -> None:
        world = await two(SAME_MACHINE, state)
        before = world.current()
        world.now += 10_000
        after = await world.operator.approve(OTHER_MAC, "w1")
        assert (after.host, after.state) == ("w1", state)
        assert (after.order, after.own_disk) == (before.order, before.own_disk)
        assert list(world.memory.machines) == [OTHER_MAC]
        assert ForgetMachine(MAC) in world.store.committed
        by = f"an operator's word, in place of machine {MAC}"
        assert world.store.logged[-1].detail == {"host": "w1", "by": by}

    asyncio.run(story())


def test_a_machine_that_has_the_others_card_need_not_wait_for_its_silence() -> None:
    async def story() -> None:
        both = replace(SAME_MACHINE, nics=(OTHER_CARD, REPORT.nics[0]))
        world = await two(both, MachineState.READY)
        after = await world.operator.approve(OTHER_MAC, "w1")
        assert (after.host, after.state) == ("w1", MachineState.READY)

    asyncio.run(story())


@pytest.mark.parametrize(
    ("state", "left"),
    [
        (MachineState.READY, MachineState.READY),
        (MachineState.INSTALLING, MachineState.INVENTORIED),
        (MachineState.FAILED, MachineState.INVENTORIED),
        (MachineState.ASSIGNED, MachineState.INVENTORIED),
    ],
)
def test_a_new_machine_takes_the_place_of_one_that_is_off(
    state: MachineState, left: MachineState
) -> None:
    async def story() -> None:
        world = await two(NEW_MACHINE, state)
        world.now += 10_000
        after = await world.operator.approve(OTHER_MAC, "w1")
        assert (after.host, after.state, after.order) == ("w1", MachineState.ASSIGNED, None)
        assert (world.current().host, world.current().state) == (None, left)

    asyncio.run(story())


def test_a_failed_host_goes_on_by_an_operators_word_on_its_own_disk(tmp_path: Path) -> None:
    async def story() -> None:
        world = await World().open()
        await world.put_files(tmp_path, "cp1")
        await world.machines.next_order(await world.reported(), "http://10.7.0.1")
        first = world.current().order
        assert first is not None
        await world.machines.begun(world.current(), Begun(first.id))
        await world.machines.failed(world.current(), Failed(first.id, "the power went"))
        with pytest.raises(NoSuchThing):
            await world.operator.retry("w9")
        await world.operator.retry("cp1")
        assert (world.current().state, world.current().reason) == (MachineState.ASSIGNED, "")
        await world.machines.next_order(world.current(), "http://10.7.0.1")
        second = world.current().order
        assert second is not None
        assert second.id != first.id
        assert (second.disk.serial, second.must_be_blank) == (first.disk.serial, False)
        await world.operator.retry("cp1")
        assert world.current().state is MachineState.ASSIGNED
        with pytest.raises(RefusedByState, match="assigned cannot be: retry"):
            await world.operator.retry("cp1")

    asyncio.run(story())


def test_a_retry_makes_no_disk_our_own_that_was_never_begun_to_write(tmp_path: Path) -> None:
    """Another machine wrote it meanwhile: both see it, in a storage network."""

    async def story() -> None:
        world = await World().open()
        await world.put_files(tmp_path, "cp1")
        await world.machines.next_order(await world.reported(), "http://10.7.0.1")
        first = world.current().order
        assert first is not None
        await world.machines.failed(world.current(), Failed(first.id, "the disk is not blank"))
        theirs = replace(REPORT, disks=(replace(BLANK, content=("gpt",)),))
        await world.machines.reported(world.current(), theirs)
        await world.operator.retry("cp1")
        order = await world.machines.next_order(world.current(), "http://10.7.0.1")
        assert isinstance(order, Wait)
        assert "is blank: vda (20.0 GiB serial DISK-1) holds gpt" in order.reason

    asyncio.run(story())


def test_a_reinstall_is_a_new_order_for_the_same_disk(tmp_path: Path) -> None:
    async def story() -> None:
        world = await World().open()
        await world.put_files(tmp_path, "cp1")
        with pytest.raises(RefusedByState, match="no machine is known"):
            await world.operator.reinstall("cp1")
        await world.machines.next_order(await world.reported(), "http://10.7.0.1")
        first = world.current().order
        assert first is not None
        await world.machines.written(world.current(), Written(first.id, first.disk))
        await world.operator.reinstall("cp1")
        assert world.current().state is MachineState.ASSIGNED
        blank = DiskReport("vdb", BLANK.size, serial="NEW")
        ours = replace(BLANK, content=("gpt",))
        await world.machines.reported(world.current(), replace(REPORT, disks=(blank, ours)))
        await world.machines.next_order(world.current(), "http://10.7.0.1")
        order = world.current().order
        assert order is not None
        assert order.disk == ours

    asyncio.run(story())
