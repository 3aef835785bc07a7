"""The DNS server that takes the names of clusters: where it is, and which zones it has."""

from __future__ import annotations

from inventory.checks.finding import Findings, finding
from inventory.codes import Code
from inventory.name_server import NameServer
from inventory.site import Site
from inventory.text import ipv4_address, is_dns_name


def name_server_findings(site: Site) -> Findings:
    server = site.name_server
    if server is None:
        return
    yield from _reached(server)
    yield from _zones(server)


def _reached(server: NameServer) -> Findings:
    if ipv4_address(server.address) is None:
        yield finding(
            Code.INVALID_ADDRESS,
            f"{server.address!r} is not an IPv4 address",
            server,
            "address",
            label="not an address",
            help="a name could not be looked up yet",
        )
    if not 1 <= server.port <= 65535:
        yield finding(
            Code.INVALID_NUMBER,
            f"no TCP port has the number {server.port}",
            server,
            "port",
            label="not 1 to 65535",
            help="53, unless it listens elsewhere",
        )


def _zones(server: NameServer) -> Findings:
    for zone in server.zones:
        if not is_dns_name(zone):
            yield finding(
                Code.INVALID_NAME,
                f"{zone!r} is not the name of a zone",
                server,
                "zones",
                label="not a name",
                help="full names in lower case without a last dot, such as home.example, and "
                "7.10.in-addr.arpa for the addresses of 10.7.0.0/16",
            )
    if len(set(server.zones)) < len(server.zones):
        yield finding(
            Code.DUPLICATE_NAME,
            "the name server has a zone twice",
            server,
            "zones",
            label="named again",
            help="name each once",
        )
    if not server.zones:
        yield finding(
            Code.INVALID_NAME,
            "the name server has no zones, so no name could be given to it",
            server,
            "zones",
            label="none",
            help='zones=["home.example", "7.10.in-addr.arpa"]',
        )
