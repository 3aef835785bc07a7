"""What is made of storms of several sizes."""

from __future__ import annotations

import pytest

from bench.storm.contest import Storm
from bench.storm.growth import CPU, MEMORY, SPENT, TIME, growth_of
from bench.usage import Usage

pytestmark = pytest.mark.unit


def storm(machines: int, seconds: float, cpu: float, memory: int) -> Storm:
    usage = Usage(())
    usage.cpu_seconds, usage.before, usage.peak = cpu, 50, 50 + memory
    return Storm({"machines": machines, "seconds": seconds}, usage)


@pytest.mark.parametrize(
    ("what", "grown"),
    [(TIME, 2.0), (CPU, 1.0), (MEMORY, 1.5)],
)
def test_growth_is_seen_beside_the_next_smaller_storm(what: str, grown: float) -> None:
    """However much the smallest one takes for itself."""
    storms = [storm(100, 100, 1, 1000), storm(1000, 100, 10, 100), storm(4000, 800, 40, 600)]
    assert growth_of(SPENT[what], storms) == pytest.approx(grown)


def test_what_took_nothing_has_not_grown() -> None:
    assert growth_of(SPENT[MEMORY], [storm(1, 1, 1, 0), storm(2, 1, 1, 5)]) == 0.0
