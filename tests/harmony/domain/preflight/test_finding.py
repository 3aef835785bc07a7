from __future__ import annotations

import pytest

from harmony.domain.preflight.finding import (
    Finding,
    Verdict,
    error,
    failure,
    not_applicable,
    pending,
    success,
)

pytestmark = pytest.mark.unit

SEEN = {"stratum": 16}


@pytest.mark.parametrize(
    ("verdict", "blocks"),
    [
        (Verdict.SUCCESS, False),
        (Verdict.FAILURE, True),
        (Verdict.PENDING, False),
        (Verdict.ERROR, True),
        (Verdict.NOT_APPLICABLE, False),
    ],
)
def test_what_stands_in_the_way(verdict: Verdict, blocks: bool) -> None:
    assert verdict.blocks is blocks


def test_each_verdict_has_its_word() -> None:
    assert [
        success("so", SEEN),
        failure("not so", SEEN, "do"),
        pending("not yet", SEEN, "wait"),
        error("unknown", SEEN, "look"),
        not_applicable("none here"),
    ] == [
        Finding(Verdict.SUCCESS, "so", SEEN),
        Finding(Verdict.FAILURE, "not so", SEEN, "do"),
        Finding(Verdict.PENDING, "not yet", SEEN, "wait"),
        Finding(Verdict.ERROR, "unknown", SEEN, "look"),
        Finding(Verdict.NOT_APPLICABLE, "none here", {}),
    ]
