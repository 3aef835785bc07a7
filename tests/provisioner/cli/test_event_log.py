"""Event lines, whole."""

from __future__ import annotations

import time
from typing import Any

import pytest

from provisioner.cli.event_log import log_lines

pytestmark = pytest.mark.unit


def test_lines() -> None:
    at = time.mktime((2026, 11, 23, 3, 4, 5, 0, 0, -1)) + 0.25
    events: list[dict[str, Any]] = [
        {"time": at, "host": "w1", "kind": "OfferSent", "detail": {"address": "10.7.0.12"}},
        {"time": at, "host": None, "mac": "52:54:00:00:00:01", "kind": "DiscoverHeard"},
    ]
    assert list(log_lines(events)) == [
        "2026-11-23 03:04:05.250 w1               OfferSent            address=10.7.0.12",
        "2026-11-23 03:04:05.250 52:54:00:00:00:01 DiscoverHeard",
    ]
