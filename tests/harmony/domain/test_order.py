from __future__ import annotations

import itertools
from typing import Any, Protocol

import pydantic
import pytest
from typing_extensions import override

from harmony.domain.interpret import Interpret
from harmony.domain.order import Waiting, awaited, circle, plan
from harmony.domain.score import Score
from harmony.domain.topology import Topology
from tests.harmony.scripted import Electrician, Lamp, NeedsLight, Picture, Put, Shelf, Thing

pytestmark = pytest.mark.unit


class LitTopology(Topology, Lamp, Protocol): ...


@pydantic.dataclasses.dataclass(frozen=True)
class Carpenter(Score[LitTopology]):
    """Provides the shelf and needs light; only for the order, so it is never interpreted."""

    provides = (Shelf,)

    @override
    def key(self) -> str:
        return "carpenter/jane"

    @override
    def interpret(self) -> Interpret[LitTopology]:
        return Put("shelf")


SCORES: tuple[Score[Any], ...] = (Picture("mona"), Thing("b"), Electrician(), Thing("a"))


@pytest.mark.parametrize("scores", list(itertools.permutations(SCORES)))
def test_the_same_plan_in_whatever_order(scores: tuple[Score[Any], ...]) -> None:
    steps = plan(scores)
    assert [step.key for step in steps] == ["electrician/joe", "thing/a", "thing/b", "picture/mona"]
    assert steps[-1].waits_for == (
        Waiting("electrician/joe", 'Lamp, which Electrician "joe" provides'),
    )


def test_waits_for_every_provider() -> None:
    last = plan([Picture("mona"), Electrician("joe"), Electrician("ann")])[-1]
    assert [wait.provider for wait in last.waits_for] == ["electrician/ann", "electrician/joe"]


def test_waits_for_the_provider_that_it_names() -> None:
    """What becomes of the other one is no concern of it."""
    steps = plan([NeedsLight("desk", "ann"), Electrician("joe"), Electrician("ann")])
    assert [wait.provider for wait in steps[-1].waits_for] == ["electrician/ann"]


def test_the_same_score_twice_is_one_step() -> None:
    assert len(plan([Thing("a"), Thing("a")])) == 1


def test_nobody_waits_for_what_they_provide_themselves() -> None:
    assert awaited(Electrician()) == (Shelf,)
    assert circle([Electrician()]) == ()


def test_a_circle_is_named() -> None:
    scores: list[Score[Any]] = [Carpenter(), Electrician(), Picture("mona"), Thing("a")]
    assert [step.key for step in circle(scores)] == [
        "carpenter/jane",
        "electrician/joe",
        "picture/mona",
        "thing/a",
    ]
    assert plan(scores) == ()
