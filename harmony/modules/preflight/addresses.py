"""Who has an address that a cluster, or a host, is going to have?

Asked by ARP: everything on that network answers for its own addresses, whatever its firewall (RFC 5227).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address

from harmony.domain.preflight.entrance import Balancer
from harmony.domain.preflight.finding import Finding, Seen, failure, success


@dataclass(frozen=True, slots=True)
class Holders:
    """Who said that the address is its own: MACs on the wire, and the jump host's own interface."""

    address: IPv4Address
    macs: tuple[str, ...] = ()
    interface: str = ""

    @property
    def seen(self) -> Seen:
        return {"address": str(self.address), "macs": self.macs, "jump_host": self.interface}


def judge_vip(holders: Holders, balancer: Balancer, owners: Mapping[str, str]) -> Finding:
    """Held by who is to hold it, or free for it. `owners` are the declared hosts, by the MACs of their
    cards: a cluster that runs already has its address."""
    address, seen = holders.address, holders.seen
    if len(holders.macs) > 1 or (holders.macs and holders.interface):
        return failure(f"several have {address}: {_all(holders, owners)}", seen, _ONE_ONLY)
    if balancer is Balancer.SITE:
        return _held_by_the_site(holders)
    theirs = holders.macs and owners.get(holders.macs[0], "")
    if holders.macs and not (theirs and balancer is Balancer.NODES):
        fix = (
            f"find it by its MAC {holders.macs[0]} (the switch's MAC table names its port) and give it"
            " another address, or give the cluster another"
        )
        return failure(f"{_all(holders, owners)} has {address} already", seen, fix)
    if holders.interface and balancer is Balancer.NODES:
        fix = f"ip address del {address} dev {holders.interface}: the nodes take it themselves"
        return failure(f"the jump host has {address} itself, on {holders.interface}", seen, fix)
    if theirs or holders.interface:
        return success(f"{theirs or 'the jump host'} has {address}, as it should", seen)
    return success(f"nobody has {address} yet: it is free for {balancer}", seen)


def _held_by_the_site(holders: Holders) -> Finding:
    address, seen = holders.address, holders.seen
    if holders.macs:
        return success(f"{holders.macs[0]} has {address}", seen)
    if holders.interface:
        return success(f"the jump host has {address}, on {holders.interface}", seen)
    fix = f"give the site's load balancer {address}, and see that it is in this network's VLAN"
    return failure(f"nobody has {address}, which the site's load balancer should have", seen, fix)


def judge_host(holders: Holders, host: str, macs: Sequence[str]) -> Finding:
    """Free, or the host's own: nobody else may have it."""
    address, seen = holders.address, holders.seen
    strangers = [mac for mac in holders.macs if mac not in macs]
    if holders.interface:
        fix = f"give {host} another address, or take it from the jump host"
        return failure(f"the jump host itself has {address}, on {holders.interface}", seen, fix)
    if strangers:
        fix = (
            f"find who has it by the MAC {strangers[0]} (the switch's MAC table names its port) and give that"
            f" another address; if it is {host} with another card, declare that card"
        )
        return failure(f"{' and '.join(strangers)} has {address}, and is not {host}", seen, fix)
    return success(f"{host} has {address}" if holders.macs else f"nobody has {address} yet", seen)


_ONE_ONLY = (
    "an address is one machine's: find the others by their MACs and give them other addresses"
)


def _all(holders: Holders, owners: Mapping[str, str]) -> str:
    named = [f"{owners[mac]} ({mac})" if mac in owners else mac for mac in holders.macs]
    if holders.interface:
        named.append(f"the jump host ({holders.interface})")
    return " and ".join(named)
