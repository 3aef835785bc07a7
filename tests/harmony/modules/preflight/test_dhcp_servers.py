from __future__ import annotations

import asyncio

import pytest

from harmony.modules.preflight.dhcp_servers import dhcp_checks, judge_servers
from inventory import PROXY, Network, Site

pytestmark = pytest.mark.unit

LAN = Network("lan", "10.7.0.0/24", interface="lan0", address="10.7.0.1")
BESIDE = Network("lan", "10.7.0.0/24", interface="lan0", address="10.7.0.1", dhcp=PROXY)
FAR = Network("far", "10.9.0.0/24", "lan0", "10.7.0.1", gateway="10.9.0.1", relays=["10.9.0.1"])
THEIRS = "10.7.0.2 (0a:00:00:00:00:02)"


@pytest.mark.parametrize(
    ("network", "servers", "verdict", "words", "fix"),
    [
        (LAN, [], "success", "no other DHCP server answers on lan0", ""),
        (
            LAN,
            [THEIRS],
            "failure",
            f"another DHCP server answers on lan0: {THEIRS}",
            "switch it off",
        ),
        (BESIDE, [THEIRS], "success", f"{THEIRS} gives addresses, as declared", ""),
        (BESIDE, [], "failure", "nobody gives addresses", "start the site's DHCP server"),
    ],
)
def test_who_is_to_give_addresses(
    network: Network, servers: list[str], verdict: str, words: str, fix: str
) -> None:
    finding = judge_servers(network, servers)
    assert (finding.verdict.value, words in finding.words) == (verdict, True), finding
    assert finding.fix.startswith(fix)


def test_each_network_that_the_jump_host_is_in() -> None:
    async def others(network: Network) -> list[str]:
        return [f"{network.name}'s own"]

    checks = list(dhcp_checks(Site("home", [LAN, FAR], []), others))

    async def look() -> list[tuple[str, str]]:
        return [(check.subject, (await check.look()).verdict.value) for check in checks]

    assert asyncio.run(look()) == [("lan", "failure"), ("far", "not applicable")]
