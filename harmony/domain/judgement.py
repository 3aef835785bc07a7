"""Can these Scores be carried out on that topology? Judged when `deploy` has returned."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from harmony.domain.composition import wholes
from harmony.domain.order import AnyScore, awaited, circle, in_full, providers
from harmony.domain.score import name_of, title
from harmony.domain.topology import Topology, capabilities, supports, through_scores
from inventory.codes import Code
from inventory.diagnostic import Diagnostic, Place
from inventory.place import place_of, refused


def judge(
    scores: Sequence[AnyScore],
    offer: Topology | type[Any],
    kinds: Iterable[type[AnyScore]] = (),
    topologies: Iterable[type] = (),
) -> tuple[Diagnostic, ...]:
    """All findings. `kinds` and `topologies` are those the product knows, for help.

    Scores that stand in for refused ones are taken to provide what they would have.
    """
    sound = [score for score in scores if not refused(score)]
    conflicts = _conflicts(sound)
    return (
        *conflicts,
        *_circles([] if conflicts else sound),
        *_missing(sound, offer, tuple(topologies)),
        *_unprovided(sound, scores, offer, tuple(kinds)),
    )


def not_a_score(given: object, place: Place | None) -> Diagnostic:
    """The finding about something that was registered at `place`."""
    kind = type(given)
    if isinstance(given, type):
        what, help = f"the class {given.__name__}", f"make one of it: {given.__name__}(…)"
    elif kind in (list, tuple):
        what = f"a {kind.__name__}"
        help = "give its Scores one by one: register(a, b), or register(*scores)"
    else:
        what = f"a {kind.__name__}"
        help = "register takes Scores, such as InstalledHosts([m1])"
    return Diagnostic(
        Code.NOT_A_SCORE, f"{what} is registered, which is no Score", place, what, help=(help,)
    )


def _conflicts(scores: Sequence[AnyScore]) -> Iterable[Diagnostic]:
    first: dict[str, tuple[AnyScore, AnyScore]] = {}
    found: list[Diagnostic] = []
    for score in scores:
        full = in_full(score, scores)
        before, wanted = first.setdefault(full.key(), (score, full))
        if wanted != full:
            place = place_of(before)
            found.append(
                Diagnostic(
                    Code.CONFLICTING_SCORES,
                    f"two Scores want {full.key()} differently",
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
    scores: Sequence[AnyScore],
    offer: Topology | type[Any],
    topologies: tuple[type, ...],
) -> Iterable[Diagnostic]:
    """What a whole lacks isn't told of its parts again."""
    within, told = wholes(scores), dict[str, frozenset[type]]()
    for score in scores:
        lacking = frozenset(
            one for one in capabilities(type(score).needs) if not supports(offer, one)
        )
        known = frozenset[type]().union(
            *(told.get(key, frozenset()) for key in within.get(score.key(), ()))
        )
        told[score.key()] = lacking
        if new := [one for one in capabilities(type(score).needs) if one in lacking - known]:
            yield _lack(score, new, offer, topologies)


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
    has = [c.__name__ for c in capabilities(type(score).needs) if c not in lacking]
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
    scores: Sequence[AnyScore],
    registered: Sequence[AnyScore],
    offer: Topology | type[Any],
    kinds: tuple[type[AnyScore], ...],
) -> Iterable[Diagnostic]:
    """What a Score needs through another Score has to come through exactly one."""
    for score in scores:
        for capability in awaited(score, scores):
            making = [one for one in registered if capability in type(one).provides]
            if capability not in through_scores(offer) or any(map(refused, making)):
                continue
            names = sorted({name_of(one) for one in making})
            if not making:
                yield _nothing_provides(score, capability, kinds)
            elif not (meant := providers(score, capability, making)):
                yield _no_such_provider(score, capability, names)
            elif len({one.key() for one in meant}) > 1:
                yield _which_provider(score, capability, names)


def _nothing_provides(
    score: AnyScore, capability: type, kinds: tuple[type[AnyScore], ...]
) -> Diagnostic:
    makers = sorted(kind.__name__ for kind in kinds if capability in kind.provides)
    return Diagnostic(
        Code.NOTHING_PROVIDES,
        f"nothing makes {capability.__name__} available",
        place_of(score),
        f"needs {capability.__name__}",
        help=(f"register one that provides it: {_list(makers) if makers else 'no Score does'}",),
    )


def _no_such_provider(score: AnyScore, capability: type, names: Sequence[str]) -> Diagnostic:
    wanted = score.provider_of(capability)
    return Diagnostic(
        Code.NOTHING_PROVIDES,
        f"nothing called {wanted!r} makes {capability.__name__} available",
        place_of(score),
        f"needs {capability.__name__} of {wanted!r}",
        help=(f"name one that does: {_list(names)}",),
    )


def _which_provider(score: AnyScore, capability: type, names: Sequence[str]) -> Diagnostic:
    return Diagnostic(
        Code.WHICH_PROVIDER,
        f"{title(score)} doesn't say whose {capability.__name__} it needs",
        place_of(score),
        "which one is meant?",
        help=(f"name one of those that make it available: {_list(names)}",),
    )


def _list(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
