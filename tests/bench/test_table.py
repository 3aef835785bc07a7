"""The table that is printed, whole."""

from __future__ import annotations

import pytest

from bench.figure import OURS, AtMost, Figure, TimesBest
from bench.table import number, shortfalls, table

pytestmark = pytest.mark.unit

FIGURES = [
    Figure("DHCP", "1/s", {OURS: (5000.0,), "kea": (4000.0,)}, TimesBest(2.0, ("kea",))),
    Figure("script, p99", "ms", {OURS: (3.14159,)}, AtMost(20.0)),
    Figure("DNS", "1/s", {OURS: (9.0,)}, TimesBest(0.5, ("dnsmasq",))),
    Figure("memory", "MB", {OURS: (80.0,), "nginx": (0.0,)}),
]

PRINTED = """\
                    median   ours is  goal
DHCP (1/s)
  provisioner        5,000            ≥ 2 x best of kea  FALLS SHORT
  kea                4,000    1.25 x
script, p99 (ms)
  provisioner         3.14            ≤ 20  reached
DNS (1/s)
  provisioner            9            ≥ 0.5 x best of dnsmasq  not compared
memory (MB)
  provisioner           80
  nginx                  0"""


def test_it_is_printed() -> None:
    assert table(FIGURES) == PRINTED


def test_what_falls_short_is_named() -> None:
    assert shortfalls(FIGURES) == ["DHCP: 1.25 x, the goal is ≥ 2 x best of kea"]


@pytest.mark.parametrize(
    "value, text",
    [(None, "not measured"), (0.001234, "0.00123"), (99.94, "99.9"), (12345.6, "12,346")],
)
def test_a_number_is_as_long_as_it_says_something(value: float | None, text: str) -> None:
    assert number(value) == text
