"""What DHCP tells machines: options that mean something, and are said once and in one place."""

from __future__ import annotations

import re

from inventory.checks.finding import Findings, finding
from inventory.codes import Code
from inventory.dhcp_option import DhcpOption, Route
from inventory.network import Network
from inventory.site import Site
from inventory.text import (
    ipv4_address,
    ipv4_network,
    is_dns_name,
    is_machine_address,
    nearest_network,
)

_URL = re.compile(r"https?://[!-~]+")
_LONGEST = 1024  # bytes of one option: what fits into an Ethernet frame with all the others
_BY_THE_SERVER = "the server writes it by itself; leave it out"
_ELSEWHERE = {
    0: "it is padding",
    1: "it follows from the network's subnet",
    3: 'write Network(…, gateway="…")',
    6: 'write Network(…, dns=["…"])',
    12: "it is the host's name",
    15: 'write Site(…, domain="…")',
    26: "write Network(…, mtu=…)",
    28: "it follows from the network's subnet",
    42: 'write Network(…, ntp=["…"])',
    51: "write Network(…, lease_time=…)",
    58: "it is half of lease_time",
    59: "it is seven eighths of lease_time",
    114: 'write Network(…, captive_portal="https://…")',
    119: 'write Network(…, search=["…"])',
    121: 'write Network(…, routes=[Route("…", "…")])',
    255: "it is the end of all options",
    **dict.fromkeys((50, 52, 53, 54, 55, 56, 57, 61, 77, 82, 93, 94, 97, 175), _BY_THE_SERVER),
}


def dhcp_option_findings(site: Site) -> Findings:
    for network in site.networks:
        yield from _search(network)
        yield from _portal(network)
        for route in network.routes:
            yield from _route(network, route)
        seen: set[int] = set()
        for option in network.options:
            yield from _option(option, again=option.code in seen)
            seen.add(option.code)


def _option(option: DhcpOption, *, again: bool) -> Findings:
    problem = _code_problem(option.code, again=again)
    if problem is not None:
        label, help = problem
        yield finding(
            Code.OPTION_ELSEWHERE,
            f"option {option.code} can't be declared here",
            option,
            "code",
            label=label,
            help=help,
        )
        return
    problem = _value_problem(option)
    if problem is not None:
        label, help = problem
        yield finding(
            Code.INVALID_OPTION,
            f"option {option.code} has no value that can be sent",
            option,
            label=label,
            help=help,
        )


def _code_problem(code: int, *, again: bool) -> tuple[str, str] | None:
    if not 0 <= code <= 255:
        return "not 0 to 255", "IANA's list of BOOTP and DHCP options has the numbers"
    if code in _ELSEWHERE:
        return "has its own place", _ELSEWHERE[code]
    if again:
        return "declared twice", "one option, one value: put several addresses into one"
    return None


def _value_problem(option: DhcpOption) -> tuple[str, str] | None:
    if option.values != 1:
        some = "more than one value" if option.values else "no value"
        return some, "one of text=, addresses=, number= (with size=) or hex="
    try:
        size = len(option.value)
    except ValueError as error:
        return str(error), "ASCII text, IPv4 addresses, a number of 1, 2 or 4 bytes, or hex digits"
    if not 1 <= size <= _LONGEST:
        return f"{size} bytes", f"at least one byte, at most {_LONGEST}"
    return None


def _search(network: Network) -> Findings:
    for domain in network.search:
        if not is_dns_name(domain):
            yield finding(
                Code.INVALID_NAME,
                f"{domain!r} is not a DNS domain",
                network,
                "search",
                label="not a domain",
                help="lower-case letters, digits and hyphens between dots, such as home.example",
            )


def _portal(network: Network) -> Findings:
    url = network.captive_portal
    if url is not None and not (_URL.fullmatch(url) and len(url) <= 255):
        yield finding(
            Code.INVALID_OPTION,
            f"{url!r} is not the URL of a captive portal",
            network,
            "captive_portal",
            label="not a URL",
            help="such as https://portal.home.example/api (RFC 8910)",
        )


def _route(network: Network, route: Route) -> Findings:
    if ipv4_network(route.destination) is None:
        near = nearest_network(route.destination)
        yield finding(
            Code.INVALID_SUBNET,
            f"{route.destination!r} is not an IPv4 subnet",
            route,
            "destination",
            label="not address/prefix",
            help=f"did you mean {str(near)!r}?" if near else 'such as "10.9.0.0/16"',
        )
    gateway, subnet = ipv4_address(route.gateway), ipv4_network(network.subnet)
    if gateway is None or (subnet and not is_machine_address(gateway, subnet)):
        yield finding(
            Code.INVALID_ADDRESS if gateway is None else Code.OUTSIDE_SUBNET,
            f"{route.gateway!r} is no router that machines of {network.name!r} can reach",
            route,
            "gateway",
            label="not an address" if gateway is None else f"not in {subnet}",
            help="the router's address in this network",
        )
