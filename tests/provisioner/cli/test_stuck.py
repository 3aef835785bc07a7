"""The diagnosis of a stuck machine, whole."""

from __future__ import annotations

from typing import Any

import pytest

from provisioner.cli.stuck import WAY, diagnose

pytestmark = pytest.mark.unit


def view(state: str | None, reason: str = "") -> dict[str, Any]:
    return {"host": "w1", "state": state, "reason": reason}


def event(kind: str, **detail: object) -> dict[str, Any]:
    return {"kind": kind, "detail": detail, "time": 0.0, "host": "w1"}


def test_nothing_heard() -> None:
    diagnosis = diagnose(view(None), [], ["SeaBIOS (version 1.16.2)", "No bootable device."])
    assert diagnosis.text().splitlines() == [
        "w1 is stuck in state unseen",
        "  last:  nothing was heard of it",
        "  next:  it should send a DHCP DISCOVER",
        "  cause: it is not powered on, or its firmware does not boot from the network",
        "  cause: the cable is in another switch port, VLAN or NIC than declared",
        "  cause: the port waits for spanning tree (30 s) or for an LACP partner",
        "  console| SeaBIOS (version 1.16.2)",
        "  console| No bootable device.",
    ]


@pytest.mark.parametrize("reached", range(len(WAY) - 1))
def test_the_next_step_follows_the_last_that_was_seen(reached: int) -> None:
    events = [event(step.kind) for step in WAY[: reached + 1]]
    assert diagnose(view("discovered"), events, []).next == WAY[reached + 1].words


def test_what_it_is_told_to_wait_for_is_said() -> None:
    told = view("assigned") | {"waiting_for": "a disk of at least 8 GiB without data"}
    lines = diagnose(told, [event("HostAssigned")], []).text().splitlines()
    assert lines[1:4] == [
        "  last:  HostAssigned",
        "  waits: for a disk of at least 8 GiB without data",
        "  next:  it should be told to install",
    ]


def test_a_reason_given_is_the_last_word() -> None:
    diagnosis = diagnose(view("failed", "the disk holds data"), [event("MachineFailed")], [])
    assert diagnosis.last == "the disk holds data"


def test_the_last_event_with_its_detail() -> None:
    diagnosis = diagnose(view("discovered"), [event("OfferSent", address="10.7.0.11")], [])
    assert diagnosis.last == "OfferSent address=10.7.0.11"
