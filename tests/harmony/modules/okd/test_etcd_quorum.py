from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmony.modules.okd.etcd_quorum import (
    EtcdMember,
    GoneAlready,
    MayLeave,
    MustStay,
    departure,
    quorum,
)

pytestmark = pytest.mark.unit


def members(*told: str) -> list[EtcdMember]:
    """`m0` is well, `m1!` is silent, `m2?` is a learner that is well."""
    return [
        EtcdMember(at, one.rstrip("!?"), healthy="!" not in one, is_learner="?" in one)
        for at, one in enumerate(told, 1)
    ]


@pytest.mark.parametrize(
    "told",
    [
        ("m0!", "m1", "m2"),  # the usual: one control plane has died
        ("m0", "m1", "m2"),
        ("m0!", "m1", "m2", "m3!", "m4"),
        ("m0", "m1"),
        ("m0?", "m1"),  # a learner that never became a voter
        ("m0?", "m1", "m2", "m3!"),
    ],
)
def test_it_may_leave(told: tuple[str, ...]) -> None:
    present = members(*told)
    assert departure("m0", present) == MayLeave(present[0])


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (("m0",), "m0 is the only one that has the data"),
        (("m0", "m1?"), "m0 is the only one that has the data"),
        (("m0!", "m1!", "m2"), "of the 2 that would stay 1 answers, and 2 have to: bring back m1"),
        (("m0", "m1!", "m2"), "of the 2 that would stay 1 answers, and 2 have to: bring back m1"),
        (("m0!", "m1"), "etcd can decide nothing: 1 of its 2 voters answer, and 2 have to"),
        (("m0?", "m1!", "m2"), "etcd can decide nothing: 1 of its 2 voters answer"),
        (("m0", "m0"), "etcd has 2 members called 'm0'"),
        (("m0", "!", "m2"), "bring back 2 first"),
    ],
)
def test_it_must_stay(told: tuple[str, ...], why: str) -> None:
    found = departure("m0", members(*told))
    assert isinstance(found, MustStay)
    assert why in found.reason


def test_who_is_gone_is_gone() -> None:
    assert departure("m9", members("m0", "m1!", "m2!")) == GoneAlready()


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=9))
def test_who_leaves_never_takes_the_quorum_along(told: list[tuple[bool, bool]]) -> None:
    present = [
        EtcdMember(at, f"m{at}", healthy, is_learner)
        for at, (healthy, is_learner) in enumerate(told)
    ]
    for one in present:
        if isinstance(departure(one.name, present), MayLeave):
            left = [other for other in present if other is not one and not other.is_learner]
            assert sum(other.healthy for other in left) >= quorum(len(left))


@pytest.mark.parametrize(("voters", "needed"), [(1, 1), (2, 2), (3, 2), (4, 3), (5, 3)])
def test_the_quorum(voters: int, needed: int) -> None:
    assert quorum(voters) == needed
