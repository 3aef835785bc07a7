from __future__ import annotations

import pytest

from harmony.domain.composition import of_one_whole, wholes, with_parts
from harmony.domain.outcome import Outcome, Status
from inventory.errors import ProvisionerBug
from tests.harmony.domain.composed import Desk, Mirror, Study
from tests.harmony.idempotence import assert_idempotent, outcomes_on
from tests.harmony.scripted import NeedsLight, Room, Thing

pytestmark = pytest.mark.unit

DESK = Desk("oak", ["atlas", "novel"])
STUDY = Study([DESK])


def test_each_score_is_followed_by_its_parts_and_theirs() -> None:
    assert [one.key() for one in with_parts([Thing("a"), STUDY])] == [
        "thing/a",
        "study/mine",
        "desk/oak",
        "thing/lamp of oak",
        "needs-light/atlas",
        "needs-light/novel",
    ]


def test_the_wholes_of_a_part_at_any_depth() -> None:
    assert wholes([Thing("a"), STUDY, DESK]) == {
        "desk/oak": frozenset({"study/mine"}),
        "thing/lamp of oak": frozenset({"study/mine", "desk/oak"}),
        "needs-light/atlas": frozenset({"study/mine", "desk/oak"}),
        "needs-light/novel": frozenset({"study/mine", "desk/oak"}),
    }


def test_what_is_of_one_whole() -> None:
    within = wholes(with_parts([STUDY, Thing("a")]))
    atlas, novel = NeedsLight("atlas"), NeedsLight("novel")
    assert of_one_whole(atlas, novel, within)
    assert of_one_whole(atlas, STUDY, within)
    assert of_one_whole(STUDY, atlas, within)
    assert not of_one_whole(Thing("a"), STUDY, within)
    assert of_one_whole(Thing("a"), Thing("a"), within)


def test_a_score_that_is_a_part_of_itself_is_a_bug() -> None:
    with pytest.raises(ProvisionerBug, match='Mirror "hall" is a part of itself'):
        with_parts([Mirror()])


def test_parts_come_first_and_wait_for_nothing_that_their_whole_provides() -> None:
    room = Room()
    outcomes = outcomes_on(room, DESK)
    assert {key: one.status for key, one in outcomes.items()} == {
        "desk/oak": Status.SUCCESS,
        "thing/lamp of oak": Status.SUCCESS,
        "needs-light/atlas": Status.SUCCESS,
        "needs-light/novel": Status.SUCCESS,
    }
    assert room.writes[-1] == "desk oak"


def test_who_needs_what_a_whole_provides_waits_for_all_of_it() -> None:
    room = Room(script={"novel": [Outcome.running("being found")]})
    outcomes_on(room, NeedsLight("letter"), DESK)
    assert room.writes[-2:] == ["desk oak", "letter"]


def test_a_part_that_fails_is_why_its_whole_cannot_be() -> None:
    room = Room(script={"atlas": [Outcome.failure("it is lent")]})
    whole = outcomes_on(room, DESK)["desk/oak"]
    assert whole.status is Status.BLOCKED
    assert whole.message == 'needs its part NeedsLight "atlas", but that did not succeed'
    assert "desk oak" not in room.writes


def test_a_part_may_be_registered_by_itself_too() -> None:
    outcomes = outcomes_on(Room(), Thing("lamp of oak"), DESK)
    assert list(outcomes).count("thing/lamp of oak") == 1


def test_a_whole_is_as_idempotent_as_its_parts() -> None:
    assert_idempotent(Room(), STUDY)
