"""What waits for what: derived from what Scores need and provide, never from who came first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from harmony.domain.composition import wholes
from harmony.domain.score import Score, name_of, title
from harmony.domain.topology import capabilities

AnyScore = Score[Any]


@dataclass(frozen=True, slots=True)
class Waiting:
    """For the Score of key `provider`: for what becomes available through it, or for a part."""

    provider: str
    words: str


@dataclass(frozen=True, slots=True)
class Step:
    """A Score and what it waits for before it may begin."""

    score: AnyScore
    waits_for: tuple[Waiting, ...] = ()

    @property
    def key(self) -> str:
        return self.score.key()


def awaited(score: AnyScore, scores: Sequence[AnyScore] = ()) -> tuple[type, ...]:
    """The capabilities that a Score needs, and that neither it nor, among `scores`, one that it is a part of
    brings about."""
    within = wholes(scores).get(score.key(), frozenset())
    makers = [score, *(one for one in scores if one.key() in within)]
    made = {capability for one in makers for capability in type(one).provides}
    return tuple(one for one in capabilities(type(score).needs) if one not in made)


def providers(
    score: AnyScore, capability: type, scores: Iterable[AnyScore]
) -> tuple[AnyScore, ...]:
    """Those of `scores` through which `score` means to have `capability`."""
    name = score.provider_of(capability)
    return tuple(
        one
        for one in scores
        if capability in type(one).provides and (name is None or name_of(one) == name)
    )


def in_full(score: AnyScore, scores: Sequence[AnyScore]) -> AnyScore:
    """`score` with its providers named: two that mean the same one make the same thing, whether or
    not they name it."""
    for capability in awaited(score, scores):
        names = {name_of(one) for one in providers(score, capability, scores)}
        if score.provider_of(capability) is None and len(names) == 1:
            score = score.through(capability, *names)
    return score


def plan(scores: Sequence[AnyScore]) -> tuple[Step, ...]:
    """One step for each key, those that wait after those they wait for, else by key.

    The same Scores give the same plan in whatever order they are given. Steps that wait for each
    other in a circle are left out: `circle` names them.
    """
    waiting = _steps(scores)
    placed: dict[str, Step] = {}
    while True:
        free = [
            step
            for key, step in waiting.items()
            if key not in placed and all(wait.provider in placed for wait in step.waits_for)
        ]
        if not free:
            return tuple(placed.values())
        placed.update((step.key, step) for step in free)


def circle(scores: Sequence[AnyScore]) -> tuple[Step, ...]:
    """The steps that can never begin because they wait for each other."""
    placed = {step.key for step in plan(scores)}
    return tuple(step for key, step in _steps(scores).items() if key not in placed)


def _steps(scores: Sequence[AnyScore]) -> dict[str, Step]:
    by_key = {score.key(): score for score in sorted(scores, key=lambda score: score.key())}
    return {
        key: Step(score, _waits(score, tuple(by_key.values()))) for key, score in by_key.items()
    }


def _waits(score: AnyScore, scores: Sequence[AnyScore]) -> tuple[Waiting, ...]:
    within = wholes(scores)
    return (
        *(
            Waiting(provider.key(), f"{capability.__name__}, which {title(provider)} provides")
            for capability in awaited(score, scores)
            for provider in providers(score, capability, scores)
        ),
        *(
            Waiting(one.key(), f"its part {title(one)}")
            for one in scores
            if score.key() in within.get(one.key(), ())
        ),
    )
