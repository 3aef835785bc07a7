"""The options that a network declares besides those of every network, as they are on the wire."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network

from inventory.dhcp_option import Route
from inventory.network import Network
from provisioner.protocol.dhcp.message import Options
from provisioner.protocol.dhcp.options import OptionCode

_EVERYWHERE = IPv4Network("0.0.0.0/0")


@lru_cache(maxsize=64)
def declared_options(network: Network) -> Options:
    """Search domains, routes, the captive portal, then the others by number."""
    return tuple(_declared(network))


@lru_cache(maxsize=64)
def excluded_numbers(network: Network) -> frozenset[int]:
    """The addresses, as numbers, that the declaration takes out of the pool."""
    if network.pool is None:
        return frozenset()
    first, last = (int(IPv4Address(end)) for end in network.pool)
    ranges = (
        range(max(first, int(IPv4Address(one))), min(last, int(IPv4Address(other))) + 1)
        for one, other in network.excluded
    )
    return frozenset(number for numbers in ranges for number in numbers)


def _declared(network: Network) -> Iterator[tuple[int, bytes]]:
    if network.search:
        yield OptionCode.DOMAIN_SEARCH, search_list(network.search)
    if network.routes:
        yield OptionCode.CLASSLESS_ROUTES, classless_routes(network.routes, network.gateway)
    if network.captive_portal is not None:
        yield OptionCode.CAPTIVE_PORTAL, network.captive_portal.encode("ascii")
    for option in network.options:
        yield option.code, option.value


def search_list(domains: Iterable[str]) -> bytes:
    """Domain names one after the other (RFC 3397; RFC 1035, 3.1, uncompressed)."""
    return b"".join(_domain_name(domain) for domain in domains)


def _domain_name(domain: str) -> bytes:
    labels = (label.encode("ascii") for label in domain.split("."))
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def classless_routes(routes: Iterable[Route], gateway: str | None) -> bytes:
    """Destinations without the bytes that say nothing (RFC 3442). A client that understands them passes
    over the router option, so that the default route is among them."""
    written = [(IPv4Network(route.destination), IPv4Address(route.gateway)) for route in routes]
    if gateway is not None and all(destination != _EVERYWHERE for destination, _ in written):
        written.append((_EVERYWHERE, IPv4Address(gateway)))
    return b"".join(_route(destination, router) for destination, router in written)


def _route(destination: IPv4Network, router: IPv4Address) -> bytes:
    significant = (destination.prefixlen + 7) // 8
    network = destination.network_address.packed[:significant]
    return bytes([destination.prefixlen]) + network + router.packed
