from __future__ import annotations

import asyncio
from collections.abc import Sequence
from ipaddress import IPv4Address

import pytest

from harmony.modules.preflight.jump_host import Card, Listener, Room
from harmony.modules.preflight.jump_host_checks import JumpHostChecks
from inventory import Network, Site

pytestmark = pytest.mark.unit

LAN = Network("lan", "10.7.0.0/24", interface="lan0", address="10.7.0.1")
FAR = Network("far", "10.9.0.0/24", "lan0", "10.7.0.1", gateway="10.9.0.1", relays=["10.9.0.1"])


async def room(folder: str) -> Room:
    return Room(folder, 1_000, 1, read_only=False)


async def listeners() -> Sequence[Listener]:
    return [Listener("udp", 67, None)]


def looked(*, is_serving: bool) -> list[tuple[str, str, str]]:
    cards = [Card("lan0", True, (IPv4Address("10.7.0.1"),))]
    needed = {"/cache": 10_000, "/state": 100}
    made = JumpHostChecks(cards, needed, room, listeners, is_serving)
    checks = list(made.of_site(Site("home", [LAN, FAR], [])))

    async def look() -> list[str]:
        return [(await check.look()).verdict.value for check in checks]

    return [
        (check.kind.id, check.subject, verdict)
        for check, verdict in zip(checks, asyncio.run(look()), strict=True)
    ]


def test_in_full() -> None:
    assert looked(is_serving=False) == [
        ("jump-host-network-configured", "lan", "success"),
        ("jump-host-disk-space", "/cache", "failure"),
        ("jump-host-disk-space", "/state", "success"),
        ("jump-host-ports-free", "", "failure"),
    ]


def test_the_daemons_ports_are_its_own() -> None:
    assert looked(is_serving=True)[-1] == ("jump-host-ports-free", "", "success")
