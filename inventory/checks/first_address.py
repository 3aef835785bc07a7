"""The address a machine boots with: DHCP has one declared for its MAC, or one out of a pool."""

from __future__ import annotations

from inventory.checks.finding import Findings, finding, first_place
from inventory.codes import Code
from inventory.host import Host
from inventory.network import Dhcp, Network
from inventory.place import refused
from inventory.site import Site
from inventory.text import ipv4_address, ipv4_network


def first_address_findings(site: Site) -> Findings:
    for host in site.hosts:
        networks = _may_be_in(site, host)
        unsure = not networks or any(refused(value) for value in (host, *networks))
        if unsure or _has_own(host) or any(_gives_one(network) for network in networks):
            continue
        names = ", ".join(repr(network.name) for network in networks)
        yield finding(
            Code.NO_FIRST_ADDRESS,
            f"no machine can boot as host {host.name!r}: DHCP has no address for it in {names}",
            host,
            label=_label(host),
            help=_help(host),
            notes=[
                note
                for network in networks
                for note in first_place(f"{network.name!r}, without a pool, is", network)
            ],
        )


def _gives_one(network: Network) -> bool:
    """Of the pool, or by the site's own DHCP server."""
    return network.pool is not None or network.dhcp is Dhcp.PROXY


def _has_own(host: Host) -> bool:
    """Whether DHCP knows the host's address by its first card; or nothing knows it (told elsewhere)."""
    if host.nics:
        return host.address is not None
    return not (host.serial or host.system_uuid or host.match)


def _may_be_in(site: Site, host: Host) -> tuple[Network, ...]:
    """The networks the machine may be plugged into; none if what is declared of that is wrong."""
    if host.nics:
        network = site.network_of(host)
        return (network,) if network else ()
    address = ipv4_address(host.address) if host.address else None
    around = tuple(
        network
        for network in site.networks
        if address and (subnet := ipv4_network(network.subnet)) and address in subnet
    )
    return around or tuple(site.networks)


def _label(host: Host) -> str:
    if host.nics:
        return "has no address"
    ways = {
        "serial": host.serial,
        "system UUID": host.system_uuid,
        "rule": host.match,
    }
    known_by = " and ".join(way for way, value in ways.items() if value)
    return f"known by {known_by}, which only a booted machine tells"


def _help(host: Host) -> str:
    lacks = [] if host.nics else ['its MAC, nics=[Nic("52:54:…")]']
    lacks += [] if host.address else ['its address="…"']
    return f'declare {" and ".join(lacks)}, or give the network a pool=("first", "last")'
