from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmony.modules.okd.asset_age import (
    RENEW_AFTER,
    VALID_FOR,
    AssetAge,
    Bootstrap,
    Fresh,
    Late,
    Renew,
    Settled,
    judge_age,
)

pytestmark = pytest.mark.unit

MADE = datetime(2026, 3, 28, 20, 0, tzinfo=timezone(timedelta(hours=1)))
SECOND = timedelta(seconds=1)
NOT_BEGUN, UNDER_WAY, COMPLETE = Bootstrap


def fresh(reason: str) -> Fresh:
    return Fresh(MADE + timedelta(hours=12), MADE + timedelta(hours=24), reason)


@pytest.mark.parametrize(
    ("age", "bootstrap", "judged"),
    [
        (timedelta(0), NOT_BEGUN, fresh("24 h 0 min are left of 24 h")),
        (timedelta(hours=12) - SECOND, NOT_BEGUN, fresh("12 h 0 min are left of 24 h")),
        (
            timedelta(hours=12),
            NOT_BEGUN,
            Renew(("cp1",), "made 12 h 0 min ago: too little is left for an installation"),
        ),
        (
            timedelta(hours=24) - SECOND,
            NOT_BEGUN,
            Renew(("cp1",), "made 23 h 59 min ago: too little is left for an installation"),
        ),
        (
            timedelta(hours=24),
            NOT_BEGUN,
            Late(("cp1",), "made 24 h 0 min ago, and certificates end after 24 h"),
        ),
        (
            timedelta(hours=12, minutes=30),
            UNDER_WAY,
            fresh("bootstrap is under way, and 11 h 30 min are left"),
        ),
        (
            timedelta(hours=24),
            UNDER_WAY,
            Late(("cp1",), "made 24 h 0 min ago, and certificates end after 24 h"),
        ),
        (
            timedelta(days=400),
            COMPLETE,
            Settled("bootstrap is complete: the cluster rotates its certificates itself"),
        ),
        (
            -timedelta(minutes=90),
            NOT_BEGUN,
            Renew(
                ("cp1",),
                "made 1 h 30 min from now: this clock was set back, and certificates are not valid yet",
            ),
        ),
    ],
)
def test_the_age_of_assets(age: timedelta, bootstrap: Bootstrap, judged: AssetAge) -> None:
    assert judge_age(MADE, MADE + age, bootstrap, ("cp1",)) == judged


@given(st.timedeltas(timedelta(0), timedelta(days=9)), st.sampled_from(Bootstrap))
def test_nothing_gets_fresher_with_time(age: timedelta, bootstrap: Bootstrap) -> None:
    order = [Fresh, Renew, Late, Settled]
    now, later = (judge_age(MADE, MADE + age + more, bootstrap) for more in (SECOND * 0, SECOND))
    assert order.index(type(now)) <= order.index(type(later))
    assert isinstance(now, Fresh) <= (age < VALID_FOR)
    assert isinstance(now, Renew) <= (RENEW_AFTER <= age < VALID_FOR)


def test_the_hour_that_summer_time_leaves_out_is_no_hour() -> None:
    """Times of two zones: it is the span between them that counts."""
    summer = timezone(timedelta(hours=2))
    now = datetime(2026, 3, 29, 8, 59, tzinfo=summer)
    assert isinstance(judge_age(MADE, now, NOT_BEGUN), Fresh)
    assert isinstance(judge_age(MADE, now + timedelta(minutes=1), NOT_BEGUN), Renew)
