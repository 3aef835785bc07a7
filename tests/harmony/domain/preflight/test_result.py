from __future__ import annotations

import pytest

from harmony.domain.preflight.check import Check, CheckKind, Group
from harmony.domain.preflight.finding import (
    Finding,
    Verdict,
    error,
    failure,
    not_applicable,
    pending,
    success,
)
from harmony.domain.preflight.result import Result, result_of, waived
from inventory import Waiver
from tests.harmony.domain.preflight.results import ERROR, FAILURE, PENDING, SUCCESS, result

pytestmark = pytest.mark.unit

KIND = CheckKind("ntp-server", Group.TIME, "does it answer?", "start it", soft=2.0, hard=5.0)


async def nothing() -> Finding:
    return not_applicable("never looked at")


def test_in_full() -> None:
    finding = failure("nobody answers", {"answers": 0})
    assert result_of(Check(KIND, "10.7.0.1", nothing), finding, 2.5) == Result(
        "ntp-server",
        "time",
        "10.7.0.1",
        Verdict.FAILURE,
        "nobody answers",
        {"answers": 0},
        "start it",
        2.5,
        late=True,
    )


@pytest.mark.parametrize(
    ("finding", "fix"),
    [
        (success("so", {}), ""),
        (Finding(Verdict.SUCCESS, "so", {}, "needless"), ""),
        (failure("not so", {}), "start it"),
        (failure("not so", {}, "start chronyd"), "start chronyd"),
        (pending("not yet", {}), ""),
        (pending("not yet", {}, "wait"), "wait"),
        (error("unknown", {}, "look"), "look"),
        (not_applicable("none"), ""),
    ],
)
def test_what_to_do_is_said_where_something_is_to_be_done(finding: Finding, fix: str) -> None:
    assert result_of(Check(KIND, "a", nothing), finding, 0.1).fix == fix


@pytest.mark.parametrize(
    ("waiver", "reasons"),
    [
        (Waiver("ntp-server", "Monday"), ["Monday", "Monday", "", ""]),
        (Waiver("ntp-server", "Monday", "b"), ["", "Monday", "", ""]),
        (Waiver("clock", "Monday"), ["", "", "", "Monday"]),
        (Waiver("ntp-server", "Monday", "z"), ["", "", "", ""]),
    ],
)
def test_a_waived_failure_stays_one_and_is_not_in_the_way(
    waiver: Waiver, reasons: list[str]
) -> None:
    seen = [
        result("ntp-server", "a", FAILURE),
        result("ntp-server", "b", ERROR),
        result("ntp-server", "c", SUCCESS),
        result("clock", "", FAILURE),
    ]
    told = waived(seen, [waiver])
    assert [one.waived for one in told] == reasons
    assert [one.verdict for one in told] == [one.verdict for one in seen]
    assert [one.blocks for one in told] == [
        one.verdict.blocks and not reason for one, reason in zip(told, reasons, strict=True)
    ]


def test_what_is_pending_is_not_in_the_way() -> None:
    assert not result("ntp-server", "a", PENDING).blocks
