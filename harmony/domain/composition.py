"""Scores made of Scores. A part is a Score like any other: it has its own key, its own Outcome, and can be
registered by itself. Its whole waits for it; it never waits for what its whole provides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from harmony.domain.score import HasParts, Score, title
from inventory.errors import ProvisionerBug
from inventory.place import place_like, refused


def with_parts(scores: Sequence[Score[Any]]) -> tuple[Score[Any], ...]:
    """Each followed by its parts, and those by theirs. A part was written where its whole was."""
    return tuple(one for score in scores for one in _unfolded(score, ()))


def wholes(scores: Sequence[Score[Any]]) -> Mapping[str, frozenset[str]]:
    """By the key of each part, the keys of the Scores that it is a part of, at any depth."""
    found: dict[str, frozenset[str]] = {}
    for score in scores:
        for part in _parts(score):
            for one in _unfolded(part, (score.key(),)):
                found[one.key()] = found.get(one.key(), frozenset()) | {score.key()}
    return found


def of_one_whole(one: Score[Any], other: Score[Any], within: Mapping[str, frozenset[str]]) -> bool:
    """Whether one of them is a part of the other, or both are of a third; `within` is `wholes`."""
    first, second = ({score.key(), *within.get(score.key(), ())} for score in (one, other))
    return not first.isdisjoint(second)


def _unfolded(score: Score[Any], within: tuple[str, ...]) -> Iterator[Score[Any]]:
    yield score
    parts = _parts(score)
    if parts and score.key() in within:
        raise ProvisionerBug(f"{title(score)} is a part of itself")
    for part in parts:
        place_like(part, score)
        yield from _unfolded(part, (*within, score.key()))


def _parts(score: Score[Any]) -> Sequence[Score[Any]]:
    """None of one that stands in for a refused one: it has no fields to make them of."""
    return score.parts() if isinstance(score, HasParts) and not refused(score) else ()
