from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.protocol.arp.sweep import (
    AGAIN_AFTER,
    IN_USE_AGAIN_AFTER,
    SILENT_AFTER,
    FoundInUse,
    FoundSilent,
    Sweep,
)

pytestmark = pytest.mark.unit

MAC, OTHER = "52:54:00:07:00:11", "52:54:00:07:00:12"
POOL = range(100, 104)


def all_free(_: int) -> bool:
    return True


def free_but(*leased: int) -> Callable[[int], bool]:
    return lambda number: number not in leased


def test_every_free_address_once_in_a_while() -> None:
    sweep = Sweep(POOL)
    assert sweep.due(0.0, free_but(101)) == [100, 102, 103]
    assert sweep.silent(SILENT_AFTER) == []
    assert sweep.due(1.0, all_free) == [101]
    assert sweep.due(AGAIN_AFTER - 1, all_free) == []
    assert set(sweep.due(AGAIN_AFTER, free_but(101))) == {100, 102, 103}


def test_who_answers_is_told_once_asked_more_often_and_told_when_it_is_silent() -> None:
    sweep = Sweep(POOL)
    sweep.due(0.0, all_free)
    assert sweep.heard(102, MAC) == FoundInUse(102, MAC)
    assert sweep.heard(102, MAC) is None
    sweep.silent(2.0)
    assert sweep.due(IN_USE_AGAIN_AFTER, all_free) == [102]
    assert sweep.heard(102, MAC) is None
    assert sweep.silent(IN_USE_AGAIN_AFTER + 2) == []
    assert sweep.due(2 * IN_USE_AGAIN_AFTER, all_free) == [102]
    assert sweep.heard(102, OTHER) == FoundInUse(102, OTHER)
    assert sweep.due(3 * IN_USE_AGAIN_AFTER, all_free) == [102]
    assert sweep.silent(3 * IN_USE_AGAIN_AFTER + 0.5) == []
    assert sweep.silent(3 * IN_USE_AGAIN_AFTER + 1) == [FoundSilent(102, OTHER)]
    assert sweep.silent(4 * IN_USE_AGAIN_AFTER) == []


def test_nobody_is_believed_unasked() -> None:
    """Or a gratuitous ARP of somebody who has just been leased the address would be a finding."""
    sweep = Sweep(POOL)
    assert sweep.heard(102, MAC) is None
    sweep.due(0.0, all_free)
    sweep.silent(2.0)
    assert sweep.heard(102, MAC) is None
    assert sweep.heard(99, MAC) is None


def test_what_is_leased_is_forgotten() -> None:
    sweep = Sweep(POOL)
    sweep.due(0.0, all_free)
    sweep.heard(102, MAC)
    sweep.forget(102)
    assert sweep.due(IN_USE_AGAIN_AFTER, free_but(102)) == []


def test_without_a_pool_there_is_nothing_to_ask() -> None:
    assert Sweep(range(0)).due(0.0, all_free) == []


@given(st.integers(1, 3000), st.sets(st.integers(0, 2999)))
def test_each_free_address_of_any_pool_has_its_turn(size: int, leased: set[int]) -> None:
    """A few a turn, and none twice."""
    sweep, asked, now = Sweep(range(size)), list[int](), 0.0
    for _ in range(size // 20 + size // 512 + 2):
        turn = sweep.due(now, free_but(*leased))
        assert len(turn) <= 20
        asked += turn
        now += 0.2
    assert sorted(asked) == [number for number in range(size) if number not in leased]
