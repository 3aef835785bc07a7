from __future__ import annotations

import pytest

from harmony.domain.outcome import Change, Outcome, Status

pytestmark = pytest.mark.unit

DID, FOUND = Change(True, "made it"), Change(False, "was there")


@pytest.mark.parametrize(
    ("outcome", "status", "changed"),
    [
        (Outcome.done("ok"), Status.NOOP, False),
        (Outcome.done("ok", [FOUND, FOUND]), Status.NOOP, False),
        (Outcome.done("ok", [FOUND, DID]), Status.SUCCESS, True),
        (Outcome(Status.SUCCESS), Status.SUCCESS, True),
        (Outcome.running("…"), Status.RUNNING, False),
        (Outcome.running("…", [DID]), Status.RUNNING, True),
        (Outcome.failure("no"), Status.FAILURE, False),
        (Outcome.blocked("b"), Status.BLOCKED, False),
        (Outcome.queued("q"), Status.QUEUED, False),
    ],
)
def test_says_its_status_and_whether_something_changed(
    outcome: Outcome, status: Status, changed: bool
) -> None:
    assert (outcome.status, outcome.changed) == (status, changed)


def test_three_statuses_are_final_and_two_of_them_good() -> None:
    assert {s for s in Status if s.final} == {Status.SUCCESS, Status.NOOP, Status.FAILURE}
    assert {s for s in Status if s.good} == {Status.SUCCESS, Status.NOOP}
