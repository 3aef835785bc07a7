"""What a figure is judged by."""

from __future__ import annotations

import pytest

from bench.figure import OURS, AtLeast, AtMost, Figure, Goal, TimesBest

pytestmark = pytest.mark.unit

FAST = {OURS: (80.0, 90.0, 100.0), "slow": (10.0, 20.0, 30.0), "quick": (40.0, 45.0, 50.0)}


@pytest.mark.parametrize(
    "goal, reached, falls_short",
    [
        (TimesBest(2.0, ("slow", "quick")), 2.0, False),
        (TimesBest(2.1, ("slow", "quick")), 2.0, True),
        (TimesBest(4.5, ("slow",)), 4.5, False),
        (TimesBest(2.0, ("absent",)), None, False),
        (AtLeast(90.0), 90.0, False),
        (AtLeast(90.1), 90.0, True),
        (AtMost(100.0), 100.0, False),
        (AtMost(99.9), 100.0, True),
        (None, 90.0, False),
    ],
)
def test_a_goal_is_reached_or_not(
    goal: Goal | None, reached: float | None, falls_short: bool
) -> None:
    figure = Figure("speed", "1/s", FAST, goal)
    assert (figure.reached, figure.falls_short) == (reached, falls_short)


def test_medians_are_compared() -> None:
    figure = Figure("speed", "1/s", {**FAST, "dead": (0.0,)})
    assert figure.median(OURS) == 90.0
    assert figure.ratio("slow") == 4.5
    assert figure.ratio("dead") is None
    assert figure.ratio("absent") is None


def test_without_us_there_is_nothing_to_judge() -> None:
    figure = Figure("speed", "1/s", {"slow": (1.0,)}, TimesBest(2.0, ("slow",)))
    assert (figure.reached, figure.falls_short, figure.ratio("slow")) == (None, False, None)
