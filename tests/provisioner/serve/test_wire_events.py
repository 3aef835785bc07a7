from __future__ import annotations

import asyncio
from ipaddress import IPv4Address

import pytest

from inventory.machine_state import MachineState
from provisioner.ports import Event, Scalar
from provisioner.protocol.dhcp.client import ClientKind
from provisioner.protocol.dhcp.event import (
    Acknowledged,
    DhcpMessageMalformed,
    DiscoverHeard,
    OfferSent,
)
from provisioner.protocol.dns.event import QueryAnswered
from provisioner.protocol.tftp.event import FileSent
from provisioner.serve.wire_events import WireEvents
from tests.provisioner.protocol.boot.values import MAC
from tests.provisioner.serve.world import ADDRESS, NOW, World

pytestmark = pytest.mark.unit

STRANGER = IPv4Address("10.7.0.66")


def test_steps_are_logged_under_their_machine_and_the_heard_are_discovered() -> None:
    async def story() -> None:
        world = await World().open()
        events = WireEvents(world.ledger, world.machines)
        leases = world.memory.leases_of("lan")
        world.lease()
        before = len(world.store.logged)
        events.note(DiscoverHeard(MAC, ClientKind.PXE, 0, "bios", None, "PXEClient"), leases)
        events.note(FileSent(ADDRESS, "undionly.kpxe", 70_000, 0.5, 0), leases)
        async with asyncio.TaskGroup() as tasks:
            following = tasks.create_task(events.follow())
            await world.ledger.changed(5)
            following.cancel()
        assert world.current().state is MachineState.DISCOVERED
        assert world.store.logged[before : before + 2] == [
            Event(
                NOW,
                "DiscoverHeard",
                MAC,
                "cp1",
                {
                    "client": "pxe",
                    "architecture": 0,
                    "firmware": "bios",
                    "uuid": None,
                    "vendor_class": "PXEClient",
                },
            ),
            Event(
                NOW,
                "FileSent",
                MAC,
                "cp1",
                {
                    "peer": "10.7.0.11",
                    "path": "undionly.kpxe",
                    "size": 70_000,
                    "duration": 0.5,
                    "resent": 0,
                },
            ),
        ]

    asyncio.run(story())


def test_a_laptop_is_no_machine_of_ours_unless_it_is_declared() -> None:
    async def story() -> None:
        world = await World().open()
        events = WireEvents(world.ledger, world.machines)
        leases = world.memory.leases_of("lan")
        laptop, before = "0a:00:00:00:00:99", len(world.store.logged)
        for mac in (laptop, MAC):
            events.note(DiscoverHeard(mac, ClientKind.PLAIN, None, None, None, ""), leases)
            events.note(OfferSent(mac, ADDRESS, "", "a free address"), leases)
            events.note(Acknowledged(mac, ADDRESS, "", NOW + 60, "a free address"), leases)
        told = [(one.kind, one.mac) for one in world.store.logged[before:]]
        assert told == [
            ("Acknowledged", laptop),
            ("DiscoverHeard", MAC),
            ("OfferSent", MAC),
            ("Acknowledged", MAC),
        ]
        async with asyncio.TaskGroup() as tasks:
            following = tasks.create_task(events.follow())
            await world.ledger.changed(5)
            following.cancel()
        assert list(world.memory.machines) == [MAC]

    asyncio.run(story())


def test_noise_is_thinned_out() -> None:
    async def story() -> None:
        world = await World().open()
        events = WireEvents(world.ledger, world.machines)
        leases = world.memory.leases_of("lan")
        before = len(world.store.logged)
        for _ in range(100):
            events.note(DhcpMessageMalformed(STRANGER, "too short"), leases)
            events.note(QueryAnswered(STRANGER, "cp1", "A", "NOERROR", "udp"), leases)
        assert len(world.store.logged) == before + 1
        world.now += 31
        events.note(DhcpMessageMalformed(STRANGER, "too short"), leases)
        assert len(world.store.logged) == before + 2
        for number in range(2000):
            peer = IPv4Address(int(STRANGER) + number)
            events.note(DhcpMessageMalformed(peer, "too short"), leases)
        assert len(world.store.logged) < before + 600

    asyncio.run(story())


def test_what_a_machine_is_refused_is_told_now_and_then_and_without_its_token() -> None:
    async def story() -> None:
        world = await World().open()
        machine = await world.machine()
        before = len(world.store.logged)
        for _ in range(3):
            assert (await world.ask("GET", f"/ignition/{machine.token}")).status == 503
        world.now += 31
        assert (await world.ask("GET", "/agent/order", token="guess")).status == 403
        assert (await world.ask("GET", "/favicon.ico")).status == 404
        assert world.store.logged[before:] == [
            refused(NOW, 503, "ignition", "not ready yet; ask again"),
            refused(NOW + 31, 403, "agent", "that is not this machine's token"),
        ]

    asyncio.run(story())


def refused(time: float, status: int, asked: str, reason: str) -> Event:
    detail: dict[str, Scalar] = {
        "peer": str(ADDRESS),
        "status": status,
        "asked": asked,
        "reason": reason,
    }
    return Event(time, "RequestRefused", MAC, "cp1", detail)
