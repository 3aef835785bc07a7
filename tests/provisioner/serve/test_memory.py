from __future__ import annotations

import asyncio
from dataclasses import replace
from ipaddress import IPv4Address
from pathlib import Path

import pytest

from inventory.host import AnyBlank, Host, Nic
from inventory.machine_state import MachineState
from inventory.site import Site
from provisioner.agent.messages import NicReport
from provisioner.ports import ForgetMachine, NetworkLeases, Remembered
from provisioner.protocol.boot.desired import ignition_digest
from provisioner.protocol.dhcp.lease import Lease
from provisioner.serve.memory import Memory
from tests.provisioner.protocol.boot.values import (
    HOST,
    LAN,
    MAC,
    ORDER,
    OTHER_MAC,
    REPORT,
    machine,
)
from tests.provisioner.serve.world import ADDRESS, IGNITION, NOW, World

pytestmark = pytest.mark.unit

W1 = Host("w1", [Nic(OTHER_MAC)], install_on=AnyBlank())
TWO = Site("home", [LAN], [HOST, W1])


def test_leases_are_remembered_by_network() -> None:
    lease = Lease(MAC, ADDRESS, NOW + 1)
    memory = Memory(Remembered(leases={"lan": NetworkLeases((lease,))}))
    assert memory.leases_of("lan").leases() == (lease,)
    assert memory.leases_of("lan") is memory.leases_of("lan")
    assert memory.leases_of("other").leases() == ()
    assert list(memory.lease_tables()) == []


def test_addresses_of_machines_are_those_of_running_leases() -> None:
    async def story() -> None:
        world = await World(TWO).open()
        heard = await world.machine(OTHER_MAC, IPv4Address("10.7.0.100"))
        assert world.memory.address_of(heard, world.now) == IPv4Address("10.7.0.100")
        assert world.memory.mac_at(IPv4Address("10.7.0.100"), world.now) == OTHER_MAC
        world.now += 601
        assert world.memory.address_of(heard, world.now) is None
        assert world.memory.mac_at(IPv4Address("10.7.0.100"), world.now) is None

    asyncio.run(story())


def test_only_machines_that_are_known_are_heard_and_the_forgotten_no_more() -> None:
    async def story() -> None:
        world = await World(TWO).open()
        world.memory.hear(MAC, NOW)
        assert world.memory.heard == {}
        await world.machine()
        world.memory.hear(MAC, NOW)
        assert world.memory.heard == {MAC: NOW}
        world.memory.apply([ForgetMachine(MAC)])
        assert world.memory.heard == {}

    asyncio.run(story())


def test_a_report_cannot_claim_a_card_that_is_declared_to_be_another_hosts() -> None:
    async def story() -> None:
        world = await World(TWO).open()
        both = replace(REPORT, nics=(*REPORT.nics, NicReport("x", OTHER_MAC, "x", True)))
        world.memory.machines[MAC] = machine(MachineState.ASSIGNED, report=both)
        assert world.memory.machine_of(OTHER_MAC) is None
        assert world.memory.machine_of_host(W1) is None
        assert world.memory.host_name_of_mac(OTHER_MAC) == "w1"
        assert world.memory.host_name_of_mac("02:00:00:00:00:01") is None

    asyncio.run(story())


def test_what_is_wanted_of_a_machine(tmp_path: Path) -> None:
    async def story() -> None:
        world = await World(TWO).open()
        known = machine(MachineState.ASSIGNED)
        assert world.memory.wish_for(known).installation is None
        await world.put_files(tmp_path, "cp1")
        wish = world.memory.wish_for(known)
        assert wish.host == HOST
        assert wish.ignition_sha256 == ignition_digest(IGNITION)
        world.memory.ignitions.clear()
        assert world.memory.wish_for(known).ignition_sha256 is None
        assert world.memory.wish_for(machine(MachineState.INVENTORIED)).host is None

    asyncio.run(story())


def test_an_order_holds_its_disk_while_its_machine_is_another_declared_host() -> None:
    async def story() -> None:
        world = await World(TWO).open()
        known = machine(MachineState.ASSIGNED)
        for host, order, is_held in (
            ("w1", replace(ORDER, host="w1"), True),
            ("removed", replace(ORDER, host="removed"), False),
            (None, replace(ORDER, host="w1"), False),
            ("w1", ORDER, False),  # it was cp1 before
            ("w1", None, False),
        ):
            other = machine(MachineState.READY, mac=OTHER_MAC, host=host, order=order)
            world.memory.machines[OTHER_MAC] = other
            assert world.memory.wish_for(known).others == ((order,) if is_held else ())

    asyncio.run(story())


def test_artifacts_of_orders_stay_known(tmp_path: Path) -> None:
    async def story() -> None:
        world = await World(TWO).open()
        ordered = machine(MachineState.INSTALLING)
        assert ordered.order is not None
        image = ordered.order.image
        assert world.memory.artifact(image.sha256) is None
        world.memory.machines[MAC] = ordered
        assert world.memory.artifact(image.sha256) == image

    asyncio.run(story())
