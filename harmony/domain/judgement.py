"""Can these Scores be carried out on that topology? Judged when `deploy` has returned."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast

from harmony.domain.capability.installed_machines import InstalledMachines
from harmony.domain.order import AnyScore, asked_of_scores, awaited, circle
from harmony.domain.score import HasCheck, title
from harmony.domain.topology import Topology, capabilities, supports
from inventory.codes import Code
from inventory.diagnostic import Diagnostic
from inventory.host import Host
from inventory.place import place_of, refused
from inventory.site import Site


def judge(
    scores: Sequence[AnyScore],
    offer: Topology | type[Any],
    kinds: Iterable[type[AnyScore]] = (),
    topologies: Iterable[type] = (),
) -> tuple[Diagnostic, ...]:
    """All findings. `kinds` and `topologies` are those the product knows, for rules and for help.

    Scores that stand in for refused ones are taken to provide what they would have.
    """
    sound = [score for score in scores if not refused(score)]
    known = tuple(kinds)
    conflicts = _conflicts(sound)
    return (
        *conflicts,
        *_circles([] if conflicts else sound),
        *_missing(sound, asked_of_scores(scores, known), offer, tuple(topologies)),
        *_unprovided(sound, scores, known),
    )


def judge_on_site(scores: Iterable[AnyScore], site: Site) -> tuple[Diagnostic, ...]:
    """What each Score says of itself, and hosts in them that the site doesn't have."""
    found: list[Diagnostic] = []
    for score in scores:
        hosts = list(_hosts(score))
        found += [] if refused(site) else _strangers(score, hosts, site)
        found += _diskless(score, hosts)
        if isinstance(score, HasCheck):
            found += score.check(site)
    return tuple(found)


def _hosts(score: AnyScore) -> Iterable[tuple[str, Host]]:
    """The hosts in a Score's fields, each with the name of its field."""
    for name, value in vars(score).items():
        members = cast("tuple[object, ...]", value) if isinstance(value, tuple) else (value,)
        yield from ((name, host) for host in members if isinstance(host, Host))


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
    """A Score that needs InstalledMachines installs the hosts that it names."""
    if InstalledMachines not in capabilities(type(score).needs):
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


def _conflicts(scores: Iterable[AnyScore]) -> Iterable[Diagnostic]:
    first: dict[str, AnyScore] = {}
    found: list[Diagnostic] = []
    for score in scores:
        before = first.setdefault(score.key(), score)
        if before != score:
            place = place_of(before)
            found.append(
                Diagnostic(
                    Code.CONFLICTING_SCORES,
                    f"two Scores want {score.key()} differently",
                    place_of(score),
                    "wants it differently",
                    notes=(f"first wanted at {place.file}:{place.line}",) if place else (),
                    help=("remove one, or give it another name",),
                )
            )
    return found


def _circles(scores: Sequence[AnyScore]) -> Iterable[Diagnostic]:
    stuck = circle(scores)
    return [
        Diagnostic(
            Code.SCORES_WAIT_IN_CIRCLE,
            f"{title(step.score)} can never begin: it waits for what waits for it",
            place_of(step.score),
            "waits in a circle",
            notes=tuple(f"waits for {wait.words}" for wait in step.waits_for),
            help=("split one of them, so that what the other needs comes from a Score of its own",),
        )
        for step in stuck
    ]


def _missing(
    scores: Iterable[AnyScore],
    of_scores: frozenset[type],
    offer: Topology | type[Any],
    topologies: tuple[type, ...],
) -> Iterable[Diagnostic]:
    for score in scores:
        lacking = [
            capability
            for capability in awaited(score)
            if capability not in of_scores and not supports(offer, capability)
        ]
        if lacking:
            yield _lack(score, lacking, offer, topologies)


def _lack(
    score: AnyScore,
    lacking: Sequence[type],
    offer: Topology | type[Any],
    topologies: tuple[type, ...],
) -> Diagnostic:
    names = _list([capability.__name__ for capability in lacking])
    kind = offer if isinstance(offer, type) else type(offer)
    called = kind.__name__ if isinstance(offer, type) else f'"{offer.describe()}" ({kind.__name__})'
    having = [
        topology.__name__
        for topology in topologies
        if all(supports(topology, capability) for capability in lacking)
    ]
    has = [c.__name__ for c in awaited(score) if c not in lacking and supports(offer, c)]
    return Diagnostic(
        Code.CAPABILITY_MISSING,
        f"{type(score).__name__} cannot run on topology {called}",
        place_of(score),
        f"needs {names}, which {kind.__name__} lacks",
        notes=(f"has: {', '.join(has) or 'nothing that it needs'}",),
        help=(
            f"{_list(having)} {'has' if len(having) == 1 else 'have'} {names}"
            if having
            else f"no topology of this product has {names}",
        ),
    )


def _unprovided(
    scores: Iterable[AnyScore],
    registered: Sequence[AnyScore],
    kinds: tuple[type[AnyScore], ...],
) -> Iterable[Diagnostic]:
    available = {capability for score in registered for capability in type(score).provides}
    of_scores = asked_of_scores(registered, kinds)
    for score in scores:
        for capability in awaited(score):
            if capability in of_scores and capability not in available:
                makers = [kind.__name__ for kind in kinds if capability in kind.provides]
                yield Diagnostic(
                    Code.NOTHING_PROVIDES,
                    f"nothing makes {capability.__name__} available",
                    place_of(score),
                    f"needs {capability.__name__}",
                    help=(f"register one that provides it: {_list(sorted(makers))}",),
                )


def _list(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
