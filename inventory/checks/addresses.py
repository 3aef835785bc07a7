"""Addresses of hosts and switches: valid, theirs alone, in the network and outside of its pool."""

from __future__ import annotations

from ipaddress import IPv4Address

from inventory.checks.finding import Findings, finding, first_place
from inventory.checks.pools import pool_around
from inventory.codes import Code
from inventory.diagnostic import Diagnostic
from inventory.host import Host
from inventory.network import Network
from inventory.rack import Switch
from inventory.site import Site
from inventory.text import ipv4_address, ipv4_network, is_machine_address, machine_addresses


def address_findings(site: Site) -> Findings:
    yield from _duplicates(site)
    for switch in site.switches:
        if switch.address is None:
            continue
        address = ipv4_address(switch.address)
        if address is None:
            yield _invalid(switch, switch.address)
        else:
            for one in site.networks:
                yield from _in_pool(one, switch, address)
    for host in site.hosts:
        if host.address is None:
            continue
        address = ipv4_address(host.address)
        network = site.network_of(host)
        if address is None:
            yield _invalid(host, host.address)
        elif network is not None:
            yield from _place_in(network, host, address)


def _invalid(value: object, text: str) -> Diagnostic:
    return finding(
        Code.INVALID_ADDRESS,
        f"{text!r} is not an IPv4 address",
        value,
        "address",
        label="not an address",
        help="four numbers from 0 to 255 between dots",
    )


def _place_in(network: Network, host: Host, address: IPv4Address) -> Findings:
    subnet = ipv4_network(network.subnet)
    if subnet and not is_machine_address(address, subnet):
        yield finding(
            Code.HOST_OUTSIDE_NETWORK,
            f"host {host.name!r} has {address}, which is not one of network {network.name!r}",
            host,
            "address",
            label=f"not a machine's address in {subnet}",
            help=f"take one of {machine_addresses(subnet)}, "
            "or name the right network: Nic(…, network=…)",
            notes=first_place(f"{network.name!r} is", network, "subnet"),
        )
    else:
        yield from _in_pool(network, host, address)


def _in_pool(network: Network, value: Host | Switch, address: IPv4Address) -> Findings:
    pool = pool_around(network, address)
    if pool:
        what = type(value).__name__.lower()
        yield finding(
            Code.RESERVED_IN_POOL,
            f"{what} {value.name!r} has {address}, which is inside the pool of {network.name!r}",
            value,
            "address",
            label="could be leased to another machine",
            help=f"take an address outside of {pool[0]} to {pool[1]}, or make the pool smaller",
            notes=first_place("the pool is", network, "pool"),
        )


def _duplicates(site: Site) -> Findings:
    """Of hosts and switches among themselves, and with the jump host's and gateways' addresses."""
    first: dict[IPv4Address, tuple[str, object, str]] = {}
    for network in site.networks:
        for argument, text in (("address", network.address), ("gateway", network.gateway)):
            address = ipv4_address(text) if text else None
            if address:
                what = "the jump host" if argument == "address" else "the gateway"
                first.setdefault(address, (f"{what} in {network.name!r}", network, argument))
    for value in (*site.hosts, *site.switches):
        address = ipv4_address(value.address) if value.address else None
        if address is None:
            continue
        words = f"{type(value).__name__.lower()} {value.name!r}"
        who, other, argument = first.setdefault(address, (words, value, "address"))
        if other is not value:
            yield finding(
                Code.DUPLICATE_ADDRESS,
                f"{words} and {who} have the same address {address}",
                value,
                "address",
                label="taken",
                help="give one of them another address",
                notes=first_place(f"{who} has it", other, argument),
            )
