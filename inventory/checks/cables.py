"""Racks, switches and cables: every end is there, and nothing is plugged in twice."""

from __future__ import annotations

from inventory.checks.finding import Findings, finding, first_place
from inventory.codes import Code
from inventory.rack import Cable
from inventory.site import Site


def cable_findings(site: Site) -> Findings:
    yield from _racks(site)
    for cable in site.cables:
        yield from _ends(site, cable)
    yield from _plugged_twice(site)


def _racks(site: Site) -> Findings:
    known = sorted(rack.name for rack in site.racks)
    for value in (*site.hosts, *site.switches):
        if value.rack is not None and value.rack not in known:
            yield finding(
                Code.UNKNOWN_RACK,
                f"{type(value).__name__.lower()} {value.name!r} stands in {value.rack!r}, "
                "which is no rack of the site",
                value,
                "rack",
                label="no such rack",
                help=f"the site's racks are: {', '.join(known) or 'none: Site(…, racks=[…])'}",
            )


def _ends(site: Site, cable: Cable) -> Findings:
    host = site.host(cable.host)
    switches = [switch.name for switch in site.switches]
    if host is None:
        yield finding(
            Code.UNKNOWN_HOST,
            f"a cable goes to {cable.host!r}, which is no host of the site",
            cable,
            "host",
            label="no such host",
            help=f"the site's hosts are: {', '.join(host.name for host in site.hosts) or 'none'}",
        )
    elif not 1 <= cable.nic <= len(host.nics):
        yield finding(
            Code.UNKNOWN_NIC,
            f"a cable goes to card {cable.nic} of host {host.name!r}, which has {len(host.nics)}",
            cable,
            "nic",
            label="no such card",
            help="cards are counted from 1, in the order they are declared",
        )
    if cable.to.switch not in switches:
        yield finding(
            Code.UNKNOWN_SWITCH,
            f"a cable goes to {cable.to.switch!r}, which is no switch of the site",
            cable.to,
            "switch",
            label="no such switch",
            help=f"the site's switches are: {', '.join(switches) or 'none: Site(…, switches=[…])'}",
        )


def _plugged_twice(site: Site) -> Findings:
    first: dict[tuple[str, str, str], Cable] = {}
    for cable in site.cables:
        ends = (
            ("port", cable.to.switch, cable.to.port),
            ("card", cable.host, str(cable.nic)),
        )
        for kind, where, which in ends:
            other = first.setdefault((kind, where, which), cable)
            if other is not cable:
                yield finding(
                    Code.PLUGGED_TWICE,
                    f"two cables are plugged into {kind} {which} of {where!r}",
                    cable,
                    label=f"{kind} {which} is taken",
                    help="look at the rack: one of the two ends elsewhere",
                    notes=first_place("the other cable is", other),
                )
