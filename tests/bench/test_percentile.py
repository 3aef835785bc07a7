"""Percentiles by the nearest rank."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.percentile import percentile

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    "values, percent, found",
    [([], 99, 0.0), ([7.0], 1, 7.0), ([3.0, 1.0, 2.0], 50, 2.0), ([1.0, 2.0, 3.0, 4.0], 50, 2.0)],
)
def test_it_is_one_of_the_values(values: list[float], percent: float, found: float) -> None:
    assert percentile(values, percent) == found


@given(st.lists(st.integers(), min_size=1), st.floats(0.1, 100))
def test_so_many_are_not_above_it(values: list[int], percent: float) -> None:
    found = percentile(values, percent)
    assert sum(value <= found for value in values) >= len(values) * percent / 100 - 1e-9
