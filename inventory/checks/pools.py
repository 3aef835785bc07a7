"""Pools: in the subnet, in order, and without an address that somebody else has."""

from __future__ import annotations

from ipaddress import IPv4Address

from inventory.checks.finding import Findings, finding, first_place, told_already
from inventory.codes import Code
from inventory.diagnostic import Diagnostic
from inventory.network import Network
from inventory.text import ipv4_address, ipv4_network, is_machine_address, machine_addresses

Range = tuple[IPv4Address, IPv4Address]


def pool_findings(network: Network) -> Findings:
    if network.pool is not None:
        yield from _ends(network, network.pool)
    yield from _exclusions(network)
    for argument, text in (("address", network.address), ("gateway", network.gateway)):
        own = ipv4_address(text) if text else None
        pool = None if own is None else pool_around(network, own)
        if pool:
            yield finding(
                Code.RESERVED_IN_POOL,
                f"{argument} {own} is inside the pool {pool[0]} to {pool[1]}",
                network,
                argument,
                label="would be leased to a machine",
                help="take an address outside of the pool, or make the pool smaller",
                notes=first_place("the pool is", network, "pool"),
            )


def pool_range(network: Network) -> Range | None:
    """First and last address of the pool, if both are addresses and in order."""
    return None if network.pool is None else _range(network.pool)


def pool_around(network: Network, address: IPv4Address) -> Range | None:
    """The pool, if the address can be leased from it: it is in there and not excluded."""
    pool = pool_range(network)
    if pool is None or not pool[0] <= address <= pool[1]:
        return None
    excluded = (_range(each) for each in network.excluded)
    return None if any(each and each[0] <= address <= each[1] for each in excluded) else pool


def _range(ends: tuple[str, str]) -> Range | None:
    first, last = (ipv4_address(text) for text in ends)
    return (first, last) if first and last and first <= last else None


def _ends(network: Network, ends: tuple[str, str]) -> Findings:
    subnet = ipv4_network(network.subnet)
    for text in ends:
        address = ipv4_address(text)
        if address is None:
            yield _no_address(network, "pool", text)
        elif subnet and not is_machine_address(address, subnet):
            yield finding(
                Code.OUTSIDE_SUBNET,
                f"pool {address} is not one that a machine of {subnet} can have",
                network,
                "pool",
                label=f"not a machine's address in {subnet}",
                help=f"take one of {machine_addresses(subnet)}",
                notes=first_place("the subnet is", network, "subnet"),
            )
    yield from _order(network, "pool", ends)


def _exclusions(network: Network) -> Findings:
    pool = pool_range(network)
    for ends in network.excluded:
        for text in dict.fromkeys(ends):
            if ipv4_address(text) is None and not told_already(network, text):
                yield _no_address(network, "exclude", text)
        yield from _order(network, "exclude", ends)
        out = _range(ends)
        if out and (pool is None or out[1] < pool[0] or pool[1] < out[0]):
            where = "there is no pool" if pool is None else f"the pool is {pool[0]} to {pool[1]}"
            yield finding(
                Code.INVALID_POOL,
                f"{_words(out)} is excluded from the pool, but isn't in it",
                network,
                "exclude",
                label=where,
                help="only addresses of the pool are leased: leave others out here",
            )


def _order(network: Network, argument: str, ends: tuple[str, str]) -> Findings:
    first, last = (ipv4_address(text) for text in ends)
    if first and last and first > last:
        what = "the pool" if argument == "pool" else "what is excluded"
        yield finding(
            Code.INVALID_POOL,
            f"{what} ends at {last}, before it begins at {first}",
            network,
            argument,
            label="the wrong way round",
            help=f'write {argument}=("{last}", "{first}")'
            if argument == "pool"
            else f'write ("{last}", "{first}")',
        )


def _no_address(network: Network, argument: str, text: str) -> Diagnostic:
    return finding(
        Code.INVALID_ADDRESS,
        f"{text!r} is not an IPv4 address",
        network,
        argument,
        label="not an address",
        help="four numbers from 0 to 255 between dots",
    )


def _words(out: Range) -> str:
    return str(out[0]) if out[0] == out[1] else f"{out[0]} to {out[1]}"
