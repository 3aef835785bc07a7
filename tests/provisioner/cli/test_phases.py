"""Phases out of events: lengths, open ends, repetitions."""

from __future__ import annotations

from typing import Any

import pytest

from provisioner.cli.phases import Phase, phases_of

pytestmark = pytest.mark.unit


def event(kind: str, time: float, host: str = "w1") -> dict[str, Any]:
    return {"kind": kind, "time": time, "host": host, "detail": {}}


def test_a_whole_way() -> None:
    events = [
        event("PoweredOn", 0),
        event("DiscoverHeard", 20),
        event("OfferSent", 20),
        event("ReportStored", 60),
        event("DiscoverHeard", 61, host="w2"),
        event("InstallOrdered", 90),
        event("ImageWritten", 130),
        event("DiscoverHeard", 150),
        event("FirstBootReported", 190),
        event("NodeReady", 300),
    ]
    assert phases_of("w1", events) == (
        Phase("firmware", 0, 20),
        Phase("network boot", 20, 40),
        Phase("waiting", 60, 30),
        Phase("installing", 90, 40),
        Phase("first boot", 130, 60),
        Phase("joining", 190, 110),
    )


def test_the_phase_it_is_in_has_no_length_yet() -> None:
    events = [event("PoweredOn", 0), event("DiscoverHeard", 20)]
    assert phases_of("w1", events) == (
        Phase("firmware", 0, 20),
        Phase("network boot", 20, None),
    )


def test_nothing_heard_is_no_phase() -> None:
    assert phases_of("w1", []) == ()
