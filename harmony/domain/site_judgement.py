"""Do these Scores fit the site, and each other's claims on it? Judged without touching anything."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import cast

from harmony.domain.capability.installed_machines import InstalledMachines
from harmony.domain.composition import of_one_whole, wholes
from harmony.domain.order import AnyScore
from harmony.domain.score import HasCheck, HasDnsNames, title
from harmony.domain.topology import capabilities
from inventory.codes import Code
from inventory.diagnostic import Diagnostic
from inventory.host import Host
from inventory.name_server import zone_of
from inventory.place import place_of, refused
from inventory.site import Site

Within = Mapping[str, frozenset[str]]
"""`wholes` of the Scores."""


def judge_on_site(scores: Sequence[AnyScore], site: Site) -> tuple[Diagnostic, ...]:
    """What each Score says of itself, hosts in them that the site doesn't have, and what two claim that
    are not made of one another."""
    found: list[Diagnostic] = []
    within = wholes(scores)
    by_key = {score.key(): score for score in scores}
    for score in scores:
        judged = {host for key in within.get(score.key(), ()) for _, host in hosts_in(by_key[key])}
        hosts = [(name, host) for name, host in hosts_in(score) if host not in judged]
        found += [] if refused(site) else _strangers(score, hosts, site)
        found += _diskless(score, hosts)
        if isinstance(score, HasCheck):
            found += score.check(site)
    apart = by_key.values()
    names = (*_named_twice(apart, within), *_named_nowhere(apart, site))
    return (*found, *_installed_twice(apart, within), *names)


def hosts_in(score: AnyScore) -> Iterable[tuple[str, Host]]:
    """The hosts in a Score's fields, each with the name of its field."""
    for name, value in vars(score).items():
        yield from ((name, host) for host in _hosts_among(value))


def _hosts_among(value: object) -> Iterator[Host]:
    """Those in a value and in what it holds. Of what can be iterated only a Collection is taken to
    hold: not an iterator, which would be used up, nor an IPv4Network with its million addresses."""
    if isinstance(value, Host):
        yield value
    elif isinstance(value, Mapping):
        pairs = cast("Mapping[object, object]", value).items()
        yield from (host for pair in pairs for one in pair for host in _hosts_among(one))
    elif isinstance(value, Collection) and not isinstance(value, str | bytes | range):
        members = cast("Collection[object]", value)
        yield from (host for member in members for host in _hosts_among(member))


def _strangers(
    score: AnyScore, hosts: Iterable[tuple[str, Host]], site: Site
) -> Iterable[Diagnostic]:
    for name, host in hosts:
        if host not in site.hosts:
            known = ", ".join(known.name for known in site.hosts)
            yield Diagnostic(
                Code.HOST_NOT_OF_SITE,
                f"{title(score)} uses host {host.name!r}, which the site doesn't have",
                place_of(score, name),
                "not a host of the site",
                notes=(f"the site has: {known or 'no host'}",),
                help=(f"add it to the site: Site(…, hosts=[…, {host.name}])",),
            )


def _diskless(score: AnyScore, hosts: Iterable[tuple[str, Host]]) -> Iterable[Diagnostic]:
    if not _installs(score):
        return
    for name, host in hosts:
        if host.install_on is None and not refused(host):
            yield Diagnostic(
                Code.NO_INSTALL_DISK,
                f"{title(score)} installs host {host.name!r}, which doesn't say on which disk",
                place_of(host) or place_of(score, name),
                "needs install_on",
                help=("install_on=AnyBlank() takes the smallest disk that holds nothing",),
            )


def _installs(score: AnyScore) -> bool:
    """A Score that needs InstalledMachines installs the hosts that it names."""
    return InstalledMachines in capabilities(type(score).needs)


def _installed_twice(scores: Iterable[AnyScore], within: Within) -> Iterator[Diagnostic]:
    first: dict[str, tuple[AnyScore, str]] = {}
    for score in filter(_installs, scores):
        for name, host in hosts_in(score):
            before, argument = first.setdefault(host.name, (score, name))
            if not of_one_whole(before, score, within):
                yield Diagnostic(
                    Code.HOST_IN_TWO_SCORES,
                    f"{title(before)} and {title(score)} both install host {host.name!r}",
                    place_of(score, name),
                    "installs it too",
                    notes=_first(before, argument),
                    help=(f"a host has one system: take {host.name} out of one of them",),
                )


def _named_twice(scores: Iterable[AnyScore], within: Within) -> Iterator[Diagnostic]:
    first: dict[str, AnyScore] = {}
    for score in scores:
        names = score.dns_names() if isinstance(score, HasDnsNames) else ()
        taken = [
            name for name in names if not of_one_whole(first.setdefault(name, score), score, within)
        ]
        if taken:
            before = first[taken[0]]
            yield Diagnostic(
                Code.NAME_IN_TWO_SCORES,
                f"{title(before)} and {title(score)} both give {' and '.join(taken)} an address",
                place_of(score),
                "gives it one too",
                notes=_first(before),
                help=("a name leads to one place: give one of them another domain",),
            )


def _named_nowhere(scores: Iterable[AnyScore], site: Site) -> Iterator[Diagnostic]:
    """Names that the site's name server can't be given; those of a whole and its parts are told once."""
    zones = () if site.name_server is None else site.name_server.zones
    told: set[str] = set()
    for score in scores:
        names = score.dns_names() if zones and isinstance(score, HasDnsNames) else ()
        outside = [name for name in names if name not in told and zone_of(name, zones) is None]
        told.update(outside)
        if outside:
            yield Diagnostic(
                Code.NAME_OUTSIDE_ZONES,
                f"{title(score)} gives {' and '.join(outside)} an address, in no zone of the name server",
                place_of(score),
                "names in none of its zones",
                notes=(f"it has: {', '.join(zones)}",),
                help=("declare the zone: NameServer(…, zones=[…])",),
            )


def _first(score: AnyScore, argument: str | None = None) -> tuple[str, ...]:
    place = place_of(score, argument)
    return (f"the first is at {place.file}:{place.line}",) if place else ()
