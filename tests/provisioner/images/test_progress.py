"""An estimate is true to what is known and never says that a step is over before it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.images.progress import Estimate, Steps

pytestmark = pytest.mark.unit

REFERENCE = {"fetch": 20.0, "compile": 60.0, "link": 20.0}


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_a_machine_as_fast_as_the_reference_is_believed_from_the_start() -> None:
    clock = Clock()
    steps = Steps(REFERENCE, clock)
    assert steps.estimate() == Estimate(0, 100)
    clock.seconds = 20
    steps.finish("fetch")
    assert steps.estimate() == Estimate(20, 80)
    clock.seconds = 50
    assert steps.estimate() == Estimate(50, 50)


def test_a_slow_machine_is_noticed_by_its_finished_steps() -> None:
    clock = Clock()
    steps = Steps(REFERENCE, clock)
    clock.seconds = 60
    steps.finish("fetch")
    assert steps.estimate().percent == 20
    assert steps.estimate().remaining > 120


def test_a_step_that_says_how_far_it_is_is_believed() -> None:
    clock = Clock()
    steps = Steps(REFERENCE, clock)
    clock.seconds = 20
    steps.finish("fetch")
    clock.seconds = 140
    steps.part(0.5)
    assert steps.running == "compile"
    assert steps.estimate().percent == 50


def test_the_end() -> None:
    steps = Steps(REFERENCE, Clock())
    for step in REFERENCE:
        steps.finish(step)
    assert steps.running is None
    assert steps.estimate() == Estimate(100, 0)


@given(st.lists(st.floats(min_value=0.1, max_value=1e4), min_size=1, max_size=30))
def test_percent_never_falls_within_a_step_and_never_reaches_its_end(waits: list[float]) -> None:
    clock = Clock()
    steps = Steps(REFERENCE, clock)
    steps.finish("fetch")
    seen: list[Estimate] = []
    for wait in waits:
        clock.seconds += wait
        seen.append(steps.estimate())
    assert [e.percent for e in seen] == sorted(e.percent for e in seen)
    assert all(20 <= e.percent < 80 and e.remaining >= 1 for e in seen)
