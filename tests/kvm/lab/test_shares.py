from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvm.errors import LabTooSmall
from kvm.lab.limits import Role
from kvm.lab.shares import Wish, shares

pytestmark = pytest.mark.unit

WISHES = (
    Wish("cp1", Role.CONTROL_PLANE, wanted_mib=4096, usual_mib=3072, least_mib=2048),
    Wish("w1", Role.WORKER, wanted_mib=8192, usual_mib=2048, least_mib=1536),
)


@pytest.mark.parametrize(
    "limit, given_mib",
    [
        (20_000, (4096, 8192)),
        (12_288, (4096, 8192)),
        (12_287, (3072, 2048)),
        (5119, (2048, 1536)),
        (3584, (2048, 1536)),
    ],
)
def test_all_get_their_wish_or_all_the_usual_or_all_the_least(
    limit: int, given_mib: tuple[int, int]
) -> None:
    assert shares(WISHES, limit) == given_mib


def test_too_small_names_everyone() -> None:
    with pytest.raises(LabTooSmall) as refused:
        shares(WISHES, 3583)
    assert str(refused.value) == (
        "the machines need at least 3584 MiB (cp1 2048, w1 1536), and the lab may use 3583 MiB"
    )


def test_nobody_needs_nothing() -> None:
    assert shares((), 0) == ()


@given(
    st.lists(st.lists(st.integers(1, 9999), min_size=3, max_size=3).map(sorted), max_size=5),
    st.integers(0, 50_000),
)
def test_the_limit_is_kept(sizes: list[list[int]], limit: int) -> None:
    wishes = [
        Wish(f"h{at}", Role.PLAIN, most, usual, least)
        for at, (least, usual, most) in enumerate(sizes)
    ]
    try:
        shared = shares(wishes, limit)
    except LabTooSmall:
        assert sum(wish.least_mib for wish in wishes) > limit
        return
    assert sum(shared) <= limit
    assert all(
        wish.least_mib <= mib <= wish.wanted_mib for wish, mib in zip(wishes, shared, strict=True)
    )
