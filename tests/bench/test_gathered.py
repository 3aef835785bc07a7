"""What rounds come to."""

from __future__ import annotations

import pytest

from bench.figure import AtLeast, Figure
from bench.gathered import Gathered

pytestmark = pytest.mark.unit


def test_values_are_kept_by_what_and_whom() -> None:
    found = Gathered()
    for what, subject, value in (
        ("a", "x", 1.0),
        ("a", "y", 2.0),
        ("b", "x", 3.0),
        ("a", "x", 4.0),
    ):
        found.add(what, subject, value)
    expected = Figure("a", "1/s", {"x": (1.0, 4.0), "y": (2.0,)}, AtLeast(1.0))
    assert found.figure("a", "1/s", AtLeast(1.0)) == expected
