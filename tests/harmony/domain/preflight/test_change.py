from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmony.domain.preflight.change import CheckChanged, CheckDropped, changes
from harmony.domain.preflight.finding import Verdict
from harmony.domain.preflight.result import Result
from tests.harmony.domain.preflight.results import FAILURE, PENDING, SUCCESS, result

pytestmark = pytest.mark.unit

A, B = "ntp-server", "clock"
runs = st.lists(
    st.builds(result, st.sampled_from([A, B]), st.sampled_from("xyz"), st.sampled_from(Verdict)),
    unique_by=lambda one: (one.check, one.subject),
)


def test_in_full() -> None:
    before = [
        result(A, "x", FAILURE),
        result(A, "y", SUCCESS),
        result(A, "z", FAILURE),
        result(B, "", PENDING),
    ]
    now = [
        result(A, "x", SUCCESS),
        result(A, "y", FAILURE),
        result(A, "z", FAILURE, waived="Monday"),
        result(A, "new", FAILURE),
        result(A, "fine", SUCCESS),
    ]
    assert list(changes(before, now)) == [
        CheckChanged(A, "x", FAILURE, SUCCESS, "as seen"),
        CheckChanged(A, "y", SUCCESS, FAILURE, "as seen"),
        CheckChanged(A, "z", FAILURE, FAILURE, "as seen", "Monday"),
        CheckChanged(A, "new", None, FAILURE, "as seen"),
        CheckDropped(B, "", PENDING),
    ]


@given(runs)
def test_the_same_again_is_no_event(run: list[Result]) -> None:
    assert list(changes(run, run)) == []


@given(runs, runs)
def test_whoever_hears_every_event_knows_every_verdict(
    before: list[Result], now: list[Result]
) -> None:
    known = {(one.check, one.subject): one.verdict for one in before}
    for event in changes(before, now):
        if isinstance(event, CheckDropped):
            del known[event.check, event.subject]
        else:
            assert known.get((event.check, event.subject)) is event.before
            known[event.check, event.subject] = event.verdict
    quiet = {key for key in known if known[key].blocks}
    assert {(one.check, one.subject) for one in now if one.verdict.blocks} == quiet
