"""Names: fit for DNS, and each given once among its kind."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

from inventory.checks.finding import Findings, finding, first_place, told_already
from inventory.codes import Code
from inventory.site import Site
from inventory.text import is_dns_label, is_dns_name


class _Named(Protocol):
    @property
    def name(self) -> str: ...


def name_findings(site: Site) -> Findings:
    yield from _name(site)
    if site.domain is not None and not is_dns_name(site.domain):
        yield finding(
            Code.INVALID_NAME,
            f"{site.domain!r} is not a DNS domain",
            site,
            "domain",
            label="not a domain",
            help="lower-case letters, digits and hyphens between dots, such as home.example",
        )
    groups: tuple[Sequence[_Named], ...] = (site.networks, site.hosts, site.racks, site.switches)
    for group in groups:
        yield from _group(group)


def _group(group: Sequence[_Named]) -> Findings:
    first: dict[str, _Named] = {}
    for value in group:
        if told_already(value, value.name):
            continue
        yield from _name(value)
        before = first.setdefault(value.name, value)
        if before is not value:
            kind = type(value).__name__
            yield finding(
                Code.DUPLICATE_NAME,
                f"two {kind}s are named {value.name!r}",
                value,
                "name",
                label="named so before",
                help=f"give one {kind} another name",
                notes=first_place("the first is", before, "name"),
            )


def _name(value: _Named) -> Findings:
    if is_dns_label(value.name) or told_already(value, value.name):
        return
    better = re.sub(r"[^a-z0-9-]+", "-", value.name.lower()).strip("-")[:63].strip("-")
    yield finding(
        Code.INVALID_NAME,
        f"{value.name!r} can't be the name of a {type(value).__name__}",
        value,
        "name",
        label="not a DNS label",
        help=f"lower-case letters, digits and hyphens, such as {better or 'w1'!r}",
    )
