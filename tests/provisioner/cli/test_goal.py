"""Verdicts on a rehearsal, for every state and goal."""

from __future__ import annotations

from typing import Any

import pytest

from inventory.machine_state import MachineState
from provisioner.cli.goal import DONE, Goal, Reached, Stalled, Stuck, known_goals
from provisioner.cli.patience import Patience

pytestmark = pytest.mark.unit


def views(**states: str | None) -> dict[str, dict[str, Any]]:
    return {name: {"host": name, "state": state} for name, state in states.items()}


def patience() -> Patience:
    return Patience("emulation", 1.0, 1.0)


@pytest.mark.parametrize(
    ("until", "state", "reached"),
    [
        ("installed", "assigned", False),
        ("installed", "installed", True),
        ("installed", "ready", True),
        ("discovered", None, False),
        (DONE, "ready", False),
    ],
)
def test_a_goal_is_reached_by_its_state_or_a_later_one(
    until: str, state: str | None, reached: bool
) -> None:
    verdict = Goal(("w1",), until).judge(views(w1=state), patience(), 0.0)
    assert verdict == (Reached() if reached else None)


def test_every_host_of_the_goal_has_to_be_there() -> None:
    goal = Goal(("w1", "w2"), "ready")
    assert goal.judge(views(w1="ready", w2="installed"), patience(), 0.0) is None
    assert goal.judge(views(w1="ready", w2="ready", w3=None), patience(), 0.0) == Reached()


def test_a_failed_host_ends_it() -> None:
    verdict = Goal(("w1", "w2")).judge(views(w1="ready", w2="failed"), patience(), 0.0)
    assert verdict == Stuck("w2")


@pytest.mark.parametrize("state", [None, "discovered", "installing", "installed"])
def test_silence_ends_it(state: str | None) -> None:
    known = patience()
    assert Goal(("w1",)).judge(views(w1=state), known, 0.0, building=True) is None
    assert Goal(("w1",)).judge(views(w1=state), known, known.limit(), building=True) is None
    verdict = Goal(("w1",)).judge(views(w1=state), known, known.limit() + 1, building=True)
    assert verdict == Stuck("w1")


@pytest.mark.parametrize("state", ["inventoried", "assigned"])
def test_a_host_told_to_wait_is_stuck_soon_unless_images_are_being_built(state: str) -> None:
    known, goal = patience(), Goal(("w1",))
    assert goal.judge(views(w1=state), known, 0.0) is None
    assert goal.judge(views(w1=state), known, 1_000.0, building=True) is None
    assert goal.judge(views(w1=state), known, 1_000.0 + known.waiting_limit()) is None
    late = 1_001.0 + known.waiting_limit()
    assert goal.judge(views(w1=state), known, late) == Stuck("w1")


def test_scores_that_do_not_get_on_once_every_host_is_ready_end_it() -> None:
    known, goal, ready = patience(), Goal(("w1",)), views(w1="ready")
    assert goal.judge(views(w1="installed"), known, 0.0) is None
    known.hear_scores(50.0)
    now, limit = 50.0, known.scores_limit()
    while (verdict := goal.judge(ready, known, now)) is None:
        now += 1.0
    assert (verdict, now) == (Stalled(), 51.0 + limit)


def test_scores_of_a_timed_rehearsal_have_all_its_time() -> None:
    known, goal = patience(), Goal(("w1",), timed=True)
    assert goal.judge(views(w1="ready"), known, 0.0) is None
    assert goal.judge(views(w1="ready"), known, 10_000.0) is None


def test_a_machine_of_a_timed_rehearsal_is_stuck_all_the_same() -> None:
    known, goal = patience(), Goal(("w1",), timed=True)
    assert goal.judge(views(w1="installed"), known, 0.0) is None
    assert goal.judge(views(w1="installed"), known, known.limit() + 1) == Stuck("w1")


def test_scores_may_wait_for_images() -> None:
    known, goal, ready = patience(), Goal(("w1",)), views(w1="ready")
    assert goal.judge(ready, known, 0.0, building=True) is None
    assert goal.judge(ready, known, 10_000.0, building=True) is None
    assert goal.judge(ready, known, 10_001.0) is None


def test_what_until_takes() -> None:
    states = [state for state in MachineState if state is not MachineState.FAILED]
    assert list(known_goals()) == [*states, DONE]
