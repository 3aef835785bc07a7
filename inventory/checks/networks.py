"""Networks: subnets, the jump host's own address, pools."""

from __future__ import annotations

import re
from itertools import combinations

from inventory.checks.finding import Findings, finding, first_place, told_already
from inventory.checks.pools import pool_findings, pool_range
from inventory.checks.relays import relay_findings
from inventory.codes import Code
from inventory.network import Network
from inventory.place import refused
from inventory.site import Site
from inventory.text import (
    ipv4_address,
    ipv4_network,
    is_machine_address,
    machine_addresses,
    nearest_network,
)

# Linux allows 15 bytes (IFNAMSIZ - 1), no slash, no space, no colon in what an interface is named.
_INTERFACE = re.compile(r"[^\s/:]{1,15}")


def network_findings(site: Site) -> Findings:
    if not site.networks and not refused(site):
        yield finding(
            Code.NO_NETWORK,
            f"site {site.name!r} has no network",
            site,
            "networks",
            label="nothing to serve machines on",
            help='give it one: networks=[Network("lan", "10.7.0.0/24", interface=…, address=…)]',
        )
    for network in site.networks:
        yield from _subnet(network)
        yield from _interface(network)
        yield from _addresses(network)
        yield from pool_findings(network)
        yield from _numbers(network)
    yield from relay_findings(site)
    for one, other in combinations(site.networks, 2):
        yield from _pair(one, other)


def _subnet(network: Network) -> Findings:
    subnet = ipv4_network(network.subnet)
    if subnet is None and not told_already(network, network.subnet):
        near = nearest_network(network.subnet)
        yield finding(
            Code.INVALID_SUBNET,
            f"{network.subnet!r} is not an IPv4 subnet",
            network,
            "subnet",
            label="host bits are set" if near and "/" in network.subnet else "not address/prefix",
            help=f"did you mean {str(near)!r}?" if near else 'such as "10.7.0.0/24"',
        )
    if subnet is not None and subnet.prefixlen > 30:
        yield finding(
            Code.INVALID_SUBNET,
            f"{subnet} has no room for the jump host and a machine",
            network,
            "subnet",
            label="too small",
            help="take a subnet of /30 or larger",
        )


def _interface(network: Network) -> Findings:
    if not _INTERFACE.fullmatch(network.interface) and not told_already(network, network.interface):
        yield finding(
            Code.INVALID_INTERFACE,
            f"{network.interface!r} can't be the name of a network interface",
            network,
            "interface",
            label="no interface is named so",
            help="`ip -br link` lists the jump host's interfaces",
        )


def _addresses(network: Network) -> Findings:
    written = [("address", network.address), ("gateway", network.gateway)]
    for argument, own in written:
        if own is not None and not told_already(network, own):
            inside = argument == "gateway" or not network.is_relayed
            yield from _address(network, argument, own, inside=inside)
    named = [("dns", text) for text in network.dns] + [("ntp", text) for text in network.ntp]
    for name, server in named:
        yield from _address(network, name, server, inside=False)


def _address(network: Network, argument: str, text: str, *, inside: bool) -> Findings:
    address = ipv4_address(text)
    subnet = ipv4_network(network.subnet)
    if address is None:
        yield finding(
            Code.INVALID_ADDRESS,
            f"{text!r} is not an IPv4 address",
            network,
            argument,
            label="not an address",
            help="four numbers from 0 to 255 between dots",
        )
    elif inside and subnet and not is_machine_address(address, subnet):
        yield finding(
            Code.OUTSIDE_SUBNET,
            f"{argument} {address} is not one that a machine of {subnet} can have",
            network,
            argument,
            label=f"not a machine's address in {subnet}",
            help=f"take one of {machine_addresses(subnet)}",
            notes=first_place("the subnet is", network, "subnet"),
        )


def _numbers(network: Network) -> Findings:
    # RFC 791: every IPv4 link carries 68 bytes; 9216 is the largest frame switches are set to.
    if network.mtu is not None and not 68 <= network.mtu <= 9216:
        yield finding(
            Code.INVALID_NUMBER,
            f"no Ethernet carries an MTU of {network.mtu}",
            network,
            "mtu",
            label="not 68 to 9216",
            help="1500, or 9000 where every switch on the way has jumbo frames",
        )
    if network.lease_time < 60:
        yield finding(
            Code.INVALID_NUMBER,
            f"a lease of {network.lease_time} s is over before a machine has booted",
            network,
            "lease_time",
            label="seconds; at least 60",
            help="3600 is usual",
        )


def _pair(one: Network, other: Network) -> Findings:
    mine, theirs = ipv4_network(one.subnet), ipv4_network(other.subnet)
    if mine and theirs and mine.overlaps(theirs):
        yield finding(
            Code.OVERLAPPING_SUBNETS,
            f"networks {one.name!r} and {other.name!r} overlap: {mine} and {theirs}",
            other,
            "subnet",
            label=f"overlaps {mine}",
            help="give each network a subnet of its own",
            notes=first_place(f"{one.name!r} is", one, "subnet"),
        )
    first, second = pool_range(one), pool_range(other)
    if first and second and first[0] <= second[1] and second[0] <= first[1]:
        yield finding(
            Code.OVERLAPPING_POOLS,
            f"the pools of {one.name!r} and {other.name!r} share addresses",
            other,
            "pool",
            label=f"shares {max(first[0], second[0])} to {min(first[1], second[1])}",
            help="make the pools disjoint: an address can be leased by one of them only",
            notes=first_place(f"the pool of {one.name!r} is", one, "pool"),
        )
    if one.interface == other.interface and one.interface and not _relayed(one, other):
        yield finding(
            Code.INVALID_INTERFACE,
            f"networks {one.name!r} and {other.name!r} are both on interface {one.interface}",
            other,
            "interface",
            label="already serves another network",
            help="one interface, one network: DHCP could not tell their machines apart",
            notes=first_place(f"{one.name!r} is", one, "interface"),
        )


def _relayed(one: Network, other: Network) -> bool:
    return one.is_relayed or other.is_relayed
