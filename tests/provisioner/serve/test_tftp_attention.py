from __future__ import annotations

import pytest

from provisioner.serve.tftp_attention import Attention

pytestmark = pytest.mark.unit


def spells(eager: float, calm: float, count: int) -> list[bool]:
    """Whether each spell of 128 packets was eager, on a machine where a packet takes so long."""
    attention, now, ways = Attention(0.0), 0.0, list[bool]()
    for _ in range(count):
        ways.append(attention.eager)
        for _ in range(128):
            now += eager if attention.eager else calm
            attention.packet(now)
    return ways


def test_the_faster_way_has_most_spells() -> None:
    assert spells(eager=10, calm=20, count=70).count(True) > 60
    assert spells(eager=20, calm=10, count=70).count(True) < 5


def test_a_core_is_not_taken_for_nothing() -> None:
    assert spells(eager=9.5, calm=10, count=70).count(True) < 5


def test_a_change_is_noticed() -> None:
    assert spells(10, 20, 8) == [False, True, False, True, True, True, True, True]
    assert spells(20, 10, 34)[30:] == [False, False, True, False]
