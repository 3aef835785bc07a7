"""Forwarders: DNS servers beyond the site, which the jump host asks and is not itself."""

from __future__ import annotations

from ipaddress import IPv4Address

from inventory.checks.finding import Findings, finding, first_place
from inventory.codes import Code
from inventory.network import Network
from inventory.site import Site
from inventory.text import ipv4_address


def forwarder_findings(site: Site) -> Findings:
    ours = {ipv4_address(network.address): network for network in site.networks}
    for text in site.forwarders:
        address = ipv4_address(text)
        if address is None:
            yield finding(
                Code.INVALID_ADDRESS,
                f"{text!r} is not an IPv4 address",
                site,
                "forwarders",
                label="not an address",
                help="forwarders are addresses of DNS servers: a name could not be looked up yet",
            )
        elif address in ours:
            yield from _ourselves(site, address, ours[address])
        elif address.is_multicast or address.is_unspecified or address.is_reserved:
            yield finding(
                Code.USELESS_FORWARDER,
                f"no DNS server can have the address {address}",
                site,
                "forwarders",
                label="no machine's address",
                help="`resolvectl dns` or /etc/resolv.conf of the jump host says what it asks itself",
            )


def _ourselves(site: Site, address: IPv4Address, network: Network) -> Findings:
    yield finding(
        Code.USELESS_FORWARDER,
        f"forwarder {address} is the jump host itself, in network {network.name!r}",
        site,
        "forwarders",
        label="would be asked what it doesn't know",
        help="name the DNS servers that the jump host itself asks, or leave forwarders out",
        notes=first_place("it has the address", network, "address"),
    )
