"""Networks that are served in another way than from within: by relays, or beside another server."""

from __future__ import annotations

from inventory.checks.finding import Findings, finding, first_place
from inventory.checks.pools import pool_around
from inventory.codes import Code
from inventory.network import Clients, Dhcp, Network
from inventory.site import Site
from inventory.text import ipv4_address


def relay_findings(site: Site) -> Findings:
    for network in site.networks:
        yield from _beside_another_server(network)
        if network.is_relayed:
            yield from _way(site, network)
            for relay in network.relays:
                yield from _relay(network, relay)


def _beside_another_server(network: Network) -> Findings:
    given = {
        "pool": network.pool is not None,
        "exclude": bool(network.exclude),
        "options": bool(network.options),
        "relays": network.is_relayed,
        "clients": network.clients is not Clients.KNOWN,
        "authoritative": network.authoritative,
    }
    for argument in (name for name, is_given in given.items() if is_given):
        if network.dhcp is Dhcp.PROXY:
            yield finding(
                Code.PROXY_GIVES_NO_ADDRESS,
                f"{argument} says how addresses are given in {network.name!r}, where they are not ours",
                network,
                argument,
                label="another server's matter",
                help="leave it out, or leave out dhcp=PROXY",
            )


def _way(site: Site, network: Network) -> Findings:
    if not any(network.is_behind(other) for other in site.networks):
        yield finding(
            Code.UNREACHABLE_NETWORK,
            f"no network is declared that the relays of {network.name!r} reach the jump host by",
            network,
            "relays",
            label=f"none at {network.address} on {network.interface}",
            help="give both the same interface and address, and only this one relays",
        )
    if network.gateway is None:
        yield finding(
            Code.UNREACHABLE_NETWORK,
            f"machines in {network.name!r} have no way to the jump host, which is elsewhere",
            network,
            "relays",
            label="needs a gateway",
            help='name the router of this network: gateway="…"',
        )


def _relay(network: Network, relay: str) -> Findings:
    address = ipv4_address(relay)
    if address is None:
        yield finding(
            Code.INVALID_ADDRESS,
            f"{relay!r} is not an IPv4 address",
            network,
            "relays",
            label="not an address",
            help="four numbers from 0 to 255 between dots",
        )
    elif pool := pool_around(network, address):
        yield finding(
            Code.RESERVED_IN_POOL,
            f"the relay {address} is inside the pool {pool[0]} to {pool[1]}",
            network,
            "relays",
            label="would be leased to a machine",
            help="make the pool smaller, or exclude the address",
            notes=first_place("the pool is", network, "pool"),
        )
