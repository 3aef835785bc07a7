"""What is asked."""

from __future__ import annotations

import pytest

from bench.dns import questions
from bench.site import DOMAIN, RESERVATIONS

pytestmark = pytest.mark.unit


def test_every_host_is_asked_for_and_some_that_are_not_there() -> None:
    lines = questions().splitlines()
    assert lines[:3] == [f"host-0.{DOMAIN} A", f"nobody-0.{DOMAIN} A", f"host-1.{DOMAIN} A"]
    assert sum(line.startswith("host-") for line in lines) == RESERVATIONS
    assert sum(line.startswith("nobody-") for line in lines) == 32
