from __future__ import annotations

import asyncio
from collections.abc import Sequence
from ipaddress import IPv4Address

import pytest

from harmony.domain.preflight.finding import Verdict
from harmony.modules.preflight.clock_checks import ClockChecks
from harmony.modules.preflight.clocks import TimeAnswer
from inventory import Network, Site

pytestmark = pytest.mark.unit


async def ask(servers: Sequence[IPv4Address]) -> list[TimeAnswer]:
    return [TimeAnswer(one, 0.1, 0.001, 2, synchronized=True) for one in servers]


def looked(*networks: Network) -> list[tuple[str, str, Verdict]]:
    checks = list(ClockChecks(ask).of_site(Site("home", list(networks), [])))

    async def look() -> list[Verdict]:
        return [(await check.look()).verdict for check in checks]

    return [
        (check.kind.id, check.subject, verdict)
        for check, verdict in zip(checks, asyncio.run(look()), strict=True)
    ]


def test_each_server_is_asked_once() -> None:
    lan = Network("lan", "10.7.0.0/24", "lan0", "10.7.0.1", ntp=["10.7.0.2", "10.7.0.3"])
    other = Network("other", "10.8.0.0/24", "lan1", "10.8.0.1", ntp=["10.7.0.2"])
    assert looked(lan, other) == [
        ("ntp-synced", "10.7.0.2", Verdict.SUCCESS),
        ("ntp-synced", "10.7.0.3", Verdict.SUCCESS),
        ("time-synced-between-jump-host-and-servers", "", Verdict.SUCCESS),
    ]


def test_without_time_servers() -> None:
    assert looked(Network("lan", "10.7.0.0/24", "lan0", "10.7.0.1")) == [
        ("ntp-synced", "", Verdict.NOT_APPLICABLE),
        ("time-synced-between-jump-host-and-servers", "", Verdict.NOT_APPLICABLE),
    ]
