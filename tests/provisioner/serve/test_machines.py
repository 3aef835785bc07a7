"""What machines say, decided and committed; the conversation over HTTP is in test_machine_api.py."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from ipaddress import IPv4Address
from pathlib import Path

import pytest

from inventory.machine_state import MachineState
from provisioner.agent.messages import Begun, Failed, NicReport, Progress
from provisioner.ports import StoreFailed
from provisioner.protocol.boot.errors import ImpossibleReport, OutOfTurn
from tests.provisioner.protocol.boot.values import BLANK, MAC, OTHER_MAC, REPORT
from tests.provisioner.serve.world import World

pytestmark = pytest.mark.unit

TWO_CARDS = replace(REPORT, nics=(*REPORT.nics, NicReport("eth1", OTHER_MAC, "x", True)))


def test_a_machine_is_discovered_once() -> None:
    async def story() -> None:
        world = await World().open()
        first, second = await asyncio.gather(world.machines.heard(MAC), world.machines.heard(MAC))
        assert first == second
        assert world.store.kinds.count("StateChanged") == 1
        event = world.store.logged[-1]
        assert (event.host, event.detail) == ("cp1", {"from": None, "to": "discovered"})

    asyncio.run(story())


def test_nothing_is_remembered_that_was_not_committed() -> None:
    async def story() -> None:
        world = await World().open()
        world.store.full = True
        with pytest.raises(StoreFailed):
            await world.machines.heard(MAC)
        assert world.memory.machines == {}

    asyncio.run(story())


def test_an_installed_machine_that_boots_from_its_other_card_is_the_same_machine(
    tmp_path: Path,
) -> None:
    async def story() -> None:
        world = await World().open()
        await world.put_files(tmp_path, "cp1")
        await world.reported(TWO_CARDS)
        world.force(MachineState.READY)
        again = await world.machine(OTHER_MAC, IPv4Address("10.7.0.12"))
        assert (again.mac, again.state) == (MAC, MachineState.READY)
        script = await world.ask(
            "GET",
            "/boot.ipxe",
            query={"mac": OTHER_MAC, "platform": "efi"},
            peer=IPv4Address("10.7.0.12"),
        )
        assert script.body.decode().endswith("starting its own disk\nexit 1\n")

    asyncio.run(story())


def test_a_card_heard_before_the_report_belongs_to_the_machine_that_reports_it() -> None:
    async def story() -> None:
        world = await World().open()
        await world.machines.heard(OTHER_MAC)
        await world.reported(TWO_CARDS)
        known = world.memory.machine_of(OTHER_MAC)
        assert known is not None
        assert known.mac == MAC

    asyncio.run(story())


def test_progress_is_logged_in_steps_and_kept_until_the_install_is_over(tmp_path: Path) -> None:
    async def story() -> None:
        world = await World().open()
        await world.put_files(tmp_path, "cp1")
        await world.machines.next_order(await world.reported(), "http://10.7.0.1")
        order = world.current().order
        assert order is not None
        for done in range(0, 1001, 10):
            world.machines.progressed(world.current(), Progress(order.id, "image", done, 1000))
        assert 20 <= world.store.kinds.count("ImageProgressed") <= 22
        assert world.memory.progress[MAC].done == 1000
        with pytest.raises(OutOfTurn):
            world.machines.progressed(world.current(), Progress("another", "image", 1, 1000))
        with pytest.raises(ImpossibleReport):
            world.machines.progressed(world.current(), Progress(order.id, "image", 1, 10**400))
        await world.machines.failed(world.current(), Failed(order.id, "gone"))
        assert world.memory.progress == {}

    asyncio.run(story())


def test_what_is_written_is_committed_before_it_is(tmp_path: Path) -> None:
    async def story() -> None:
        world = await World().open()
        await world.put_files(tmp_path, "cp1")
        await world.machines.next_order(await world.reported(), "http://10.7.0.1")
        order = world.current().order
        assert order is not None
        with pytest.raises(OutOfTurn):
            await world.machines.begun(world.current(), Begun("another"))
        world.store.full = True
        with pytest.raises(StoreFailed):
            await world.machines.begun(world.current(), Begun(order.id))
        assert world.current().own_disk is None
        world.store.full = False
        for _ in range(2):
            await world.machines.begun(world.current(), Begun(order.id))
        assert world.current().own_disk == order.disk
        assert world.store.kinds.count("WritingBegun") == 1
        world.force(MachineState.READY)
        with pytest.raises(OutOfTurn):
            await world.machines.begun(world.current(), Begun(order.id))

    asyncio.run(story())


def test_a_failure_is_kept_in_measure(tmp_path: Path) -> None:
    async def story() -> None:
        world = await World().open()
        await world.put_files(tmp_path, "cp1")
        await world.machines.next_order(await world.reported(), "http://10.7.0.1")
        order = world.current().order
        assert order is not None
        failed = Failed(order.id, "why " * 1000, ("line " * 1000,) * 40)
        await world.machines.failed(world.current(), failed)
        assert len(world.current().reason) == 1000
        event = next(one for one in world.store.logged if one.kind == "MachineFailed")
        assert len(str(event.detail["evidence"])) == 20_000

    asyncio.run(story())


def test_an_interrupted_install_gets_the_same_order_again(tmp_path: Path) -> None:
    async def story() -> None:
        world = await World().open()
        await world.put_files(tmp_path, "cp1")
        await world.machines.next_order(await world.reported(), "http://10.7.0.1")
        order = world.current().order
        half = replace(REPORT, disks=(replace(BLANK, content=("gpt",)),))
        await world.machines.reported(world.current(), half)
        await world.machines.next_order(world.current(), "http://10.7.0.1")
        assert world.current().order == order
        assert world.store.kinds.count("InstallOrdered") == 1

    asyncio.run(story())
