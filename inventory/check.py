"""Judges a site: pure, total, and all of it at once, so that one look mends one file."""

from __future__ import annotations

from inventory.checks.addresses import address_findings
from inventory.checks.cables import cable_findings
from inventory.checks.dhcp_options import dhcp_option_findings
from inventory.checks.first_address import first_address_findings
from inventory.checks.forwarders import forwarder_findings
from inventory.checks.hosts import host_findings
from inventory.checks.name_server import name_server_findings
from inventory.checks.names import name_findings
from inventory.checks.networks import network_findings
from inventory.checks.numbers import number_findings
from inventory.checks.rules import rule_findings
from inventory.diagnostic import Diagnostic
from inventory.site import Site

FAMILIES = (
    name_findings,
    number_findings,
    network_findings,
    dhcp_option_findings,
    address_findings,
    forwarder_findings,
    name_server_findings,
    host_findings,
    first_address_findings,
    rule_findings,
    cable_findings,
)


def check(site: Site) -> tuple[Diagnostic, ...]:
    """Every finding about `site`, in the order of the declaration where places are known."""
    found = [diagnostic for family in FAMILIES for diagnostic in family(site)]
    return in_order(found)


def in_order(found: list[Diagnostic]) -> tuple[Diagnostic, ...]:
    """By place; what has none comes first; otherwise as found."""
    return tuple(sorted(found, key=_position))


def _position(diagnostic: Diagnostic) -> tuple[str, int, int]:
    place = diagnostic.place
    return (place.file, place.line, place.column) if place else ("", 0, 0)
