"""A machine is put in the place of a broken one, behind the same switch port: it gets the address of its
predecessor, and of its role, disk and tokens nothing before an operator has approved it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from ipaddress import IPv4Address
from pathlib import Path

import pytest

from inventory.host import RelayPort
from inventory.machine_state import MachineState
from inventory.site import Site
from provisioner.agent.messages import NicReport, Written
from provisioner.protocol.boot.network_plan import link_of
from provisioner.protocol.dhcp.decision import Answer
from provisioner.protocol.dhcp.engine import decide
from provisioner.protocol.dhcp.lease import LeaseTable
from provisioner.protocol.dhcp.message import Options
from provisioner.protocol.dhcp.options import MessageType
from tests.provisioner.protocol.boot.values import BLANK, HOST, LAN, MAC, OTHER_MAC, REPORT
from tests.provisioner.protocol.dhcp.samples import NETBOOTS, SERVER, message
from tests.provisioner.serve.world import World, document

pytestmark = pytest.mark.unit

ADDRESS = IPv4Address("10.7.0.11")
SLOT: Options = ((82, b"\x01\x05Gi0/3\x02\x03sw1"),)
SITE = Site("home", [LAN], [replace(HOST, relay_port=RelayPort("Gi0/3", "sw1"))])
REPLACEMENT = replace(
    REPORT,
    boot_mac=OTHER_MAC,
    serial="SERIAL-2",
    system_uuid="6f6b1c0e-0000-4000-8000-000000000002",
    nics=(NicReport("eth0", OTHER_MAC, "virtio", True, 1000),),
)


def leased(world: World, mac: str) -> IPv4Address:
    """The address that DHCP acknowledges to the MAC in the slot."""
    link = link_of(LAN, SITE, world.memory.machines.values(), frozenset(), "http://10.7.0.1")
    leases: LeaseTable = world.memory.leases_of("lan")
    offered = message(MessageType.DISCOVER, mac, options=(*NETBOOTS, *SLOT))
    offer = decide(offered, link, leases, world.now)
    assert isinstance(offer, Answer)
    address = offer.reply.yiaddr
    chosen = message(
        *(MessageType.REQUEST, mac), server=SERVER, requested=address, options=(*NETBOOTS, *SLOT)
    )
    acknowledged = decide(chosen, link, leases, world.now)
    assert isinstance(acknowledged, Answer)
    assert acknowledged.lease_change is not None
    leases.apply(acknowledged.lease_change)
    return address


async def replaced(world: World) -> tuple[str, str]:
    """cp1 was installed, broke, and another machine is in its slot; the old machine's tokens."""
    assert leased(world, MAC) == ADDRESS
    first = await world.machines.reported(await world.machines.heard(MAC), REPORT)
    order = document(await world.ask("GET", "/agent/order", token=first.token))
    written = Written(order["order"], BLANK)
    await world.ask("POST", "/agent/written", token=first.token, body=written)
    assert world.current().state is MachineState.INSTALLED
    world.now += LAN.lease_time  # it has not renewed
    assert leased(world, OTHER_MAC) == ADDRESS
    return first.token, str(order["report_token"])


def play(folder: Path, story: Callable[[World], Awaitable[None]]) -> None:
    async def played() -> None:
        world = await World(SITE).open()
        await world.put_files(folder, "cp1")
        await story(world)

    asyncio.run(played())


def test_it_is_a_machine_that_nobody_knows(tmp_path: Path) -> None:
    async def story(world: World) -> None:
        await replaced(world)
        script = await world.ask("GET", "/boot.ipxe", query={"platform": "pcbios"})
        assert "sanboot" not in script.body.decode()
        other = await world.machines.reported(world.current(OTHER_MAC), REPLACEMENT)
        assert (other.state, other.host, other.order) == (MachineState.INVENTORIED, None, None)
        answer = await world.ask("GET", "/boot.ipxe", query={"platform": "pcbios"})
        assert "harmony.token=" + other.token in answer.body.decode()
        assert world.current(MAC).host == "cp1"

    play(tmp_path, story)


def test_the_tokens_of_its_predecessor_are_worth_nothing_at_its_address(tmp_path: Path) -> None:
    async def story(world: World) -> None:
        agent, order = await replaced(world)
        await world.machines.heard(OTHER_MAC)
        for method, path in (("GET", f"/ignition/{order}"), ("POST", f"/first-boot/{order}")):
            assert (await world.ask(method, path, body={})).status == 403
        answer = await world.ask("POST", "/agent/report", token=agent, body=REPLACEMENT)
        assert answer.status == 403
        answer = await world.ask("GET", "/boot.ipxe", query={"mac": MAC, "platform": "pcbios"})
        assert answer.status == 403

    play(tmp_path, story)


def test_an_operators_word_makes_it_the_host(tmp_path: Path) -> None:
    async def story(world: World) -> None:
        await replaced(world)
        await world.machines.reported(await world.machines.heard(OTHER_MAC), REPLACEMENT)
        await world.operator.approve(OTHER_MAC, "cp1")
        now = world.current(OTHER_MAC)
        assert (now.host, now.own_disk) == ("cp1", None)

    play(tmp_path, story)
