"""Who gives addresses on a network: the jump host alone, or, beside a server of the site, that one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence

from harmony.domain.preflight.check import Check
from harmony.domain.preflight.finding import Finding, Seen, failure, not_applicable, success
from harmony.modules.preflight import catalogue
from inventory.network import Dhcp, Network
from inventory.site import Site

Others = Callable[[Network], Awaitable[Sequence[str]]]
"""The DHCP servers, without the jump host's own, that answer there: address and MAC, in words."""


def dhcp_checks(site: Site, others: Others) -> Iterator[Check]:
    for network in site.networks:
        yield _check(network, others)


def _check(network: Network, others: Others) -> Check:
    async def look() -> Finding:
        if network.is_relayed:
            return not_applicable("the jump host is not in it: run `provisioner doctor` from there")
        return judge_servers(network, await others(network))

    return Check(catalogue.FOREIGN_DHCP, network.name, look)


def judge_servers(network: Network, servers: Sequence[str]) -> Finding:
    named = " and ".join(servers)
    seen: Seen = {"interface": network.interface, "servers": tuple(servers)}
    if network.dhcp is Dhcp.PROXY:
        if servers:
            return success(f"{named} gives addresses, as declared", seen)
        fix = (
            "start the site's DHCP server, and see that it is in this network's VLAN; or let the jump host"
            f' give addresses: Network("{network.name}", …) without dhcp=PROXY, with a pool'
        )
        return failure("nobody gives addresses, and the jump host is not to", seen, fix)
    if not servers:
        return success(f"no other DHCP server answers on {network.interface}", seen)
    fix = (
        f"switch it off (the switch's MAC table names its port); if it is to give the addresses, declare so:"
        f' Network("{network.name}", …, dhcp=PROXY)'
    )
    words = f"another DHCP server answers on {network.interface}: {named}"
    return failure(words, seen, fix)
