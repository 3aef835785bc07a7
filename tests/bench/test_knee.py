"""The search for the highest rate, on servers that are nothing but a number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.knee import Search, Trial

pytestmark = pytest.mark.unit


class Limit:
    """Sustains everything up to a rate, except where it was busy."""

    def __init__(self, most: int, busy_at: tuple[int, ...] = ()) -> None:
        self.most = most
        self.asked: list[int] = []
        self._busy_at = busy_at

    def __call__(self, rate: int) -> Trial:
        self.asked.append(rate)
        busy = len(self.asked) in self._busy_at
        return Trial(float(rate), sustained=rate <= self.most and not busy)


@given(most=st.integers(60, 100_000), start=st.integers(50, 20_000))
def test_it_comes_close_from_anywhere(most: int, start: int) -> None:
    server = Limit(most)
    knee = Search().knee(server, start)
    assert most / 1.06 <= knee <= most
    assert len(server.asked) < 60


def test_a_server_that_sustains_nothing_ends_it() -> None:
    assert Search().knee(Limit(0), 2000) == 0.0


def test_a_busy_machine_is_tried_again() -> None:
    server = Limit(1000, busy_at=(1,))
    assert Search(tries=2).knee(server, 900) > 950
    assert server.asked[:2] == [900, 900]
