"""The agent's conversation: `>>` is what happened, `<<` what the agent does next."""

from __future__ import annotations

from itertools import product
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.agent import conversation as talk
from provisioner.agent.conversation import Conversation
from provisioner.agent.messages import (
    DiskReport,
    Failed,
    HardwareReport,
    Install,
    Reboot,
    Wait,
    Written,
)

pytestmark = pytest.mark.unit

DISK = DiskReport("vda", 20 << 30, serial="S1")
REPORT = HardwareReport("m", "u", "s", "v", "p", "bios", 1, "c", 1 << 30, (), (DISK,))


def order(name: str = "o1") -> Install:
    return Install(name, DISK, True, "/i", "00", 1, "/c", "00", "/r", "t")


WRITTEN = Written("o1", DISK)
FAILED = Failed("o1", "no")


def told(*events: talk.Event) -> str:
    """The whole conversation as text."""
    conversation = Conversation()
    lines = [f"<< {describe(conversation.state)}"]
    for event in events:
        conversation = conversation.advance(event)
        lines += [f">> {type(event).__name__}", f"<< {describe(conversation.state)}"]
    return "\n".join(lines)


def describe(state: talk.State) -> str:
    match state:
        case talk.Pausing(seconds, reason, then):
            return f"Pausing {seconds} s ({reason}), then {describe(then)}"
        case talk.Reporting(report):
            return f"Reporting, clock {report.clock_offset:+}"
        case talk.CorrectingClock(ahead):
            return f"CorrectingClock {ahead:+}"
        case talk.Restarting(reason):
            return f"Restarting: {reason}"
        case _:
            return type(state).__name__


def test_a_machine_is_installed_and_restarts_only_when_told() -> None:
    assert told(
        talk.Surveyed(REPORT),
        talk.Accepted(0.4),
        talk.Ordered(Wait("approval")),
        talk.Rested(),
        talk.Ordered(order()),
        talk.Installed(WRITTEN),
        talk.Accepted(0.1),
        talk.Ordered(Reboot("its own disk is next")),
    ).splitlines() == [
        "<< Surveying",
        ">> Surveyed",
        "<< Reporting, clock +0.0",
        ">> Accepted",
        "<< Asking",
        ">> Ordered",
        "<< Pausing 2.0 s (waiting for approval), then Asking",
        ">> Rested",
        "<< Asking",
        ">> Ordered",
        "<< Installing",
        ">> Installed",
        "<< Confirming",
        ">> Accepted",
        "<< Asking",
        ">> Ordered",
        "<< Restarting: its own disk is next",
    ]


def test_a_clock_that_is_off_is_set_first_and_the_difference_reported() -> None:
    assert told(
        talk.Surveyed(REPORT),
        talk.Accepted(-31_536_000.0),
        talk.ClockSet(),
        talk.Accepted(0.0),
        talk.Ordered(Wait("approval", 10.0)),
        talk.Rested(),
        talk.Surveyed(REPORT),
    ).splitlines()[3:] == [
        ">> Accepted",
        "<< CorrectingClock -31536000.0",
        ">> ClockSet",
        "<< Reporting, clock -31536000.0",
        ">> Accepted",
        "<< Asking",
        ">> Ordered",
        "<< Pausing 10.0 s (waiting for approval), then Surveying",
        ">> Rested",
        "<< Surveying",
        ">> Surveyed",
        "<< Reporting, clock -31536000.0",
    ]


@pytest.mark.parametrize("ahead", [None, 0.0, 2.0, -2.0])
def test_a_clock_within_two_seconds_is_left_alone(ahead: float | None) -> None:
    assert told(talk.Surveyed(REPORT), talk.Accepted(ahead)).endswith("<< Asking")


def test_a_failure_is_reported_and_the_hardware_read_again() -> None:
    assert told(
        talk.Surveyed(REPORT),
        talk.Accepted(None),
        talk.Ordered(order()),
        talk.GaveUp(FAILED),
        talk.Unreachable("no answer"),
        talk.Rested(),
        talk.Accepted(None),
    ).splitlines()[6:] == [
        "<< Installing",
        ">> GaveUp",
        "<< Complaining",
        ">> Unreachable",
        "<< Pausing 0.5 s (no answer), then Complaining",
        ">> Rested",
        "<< Complaining",
        ">> Accepted",
        "<< Surveying",
    ]


def test_an_order_that_was_carried_out_is_confirmed_again() -> None:
    installed = (
        talk.Surveyed(REPORT),
        talk.Accepted(None),
        talk.Ordered(order()),
        talk.Installed(WRITTEN),
        talk.Accepted(None),
    )
    assert told(*installed, talk.Ordered(order("o1"))).endswith("<< Confirming")
    assert told(*installed, talk.Ordered(order("o2"))).endswith("<< Installing")


def test_pauses_grow_to_five_seconds() -> None:
    conversation = Conversation(talk.Asking())
    pauses: list[float] = []
    for _ in range(7):
        conversation = conversation.advance(talk.Unreachable("no answer"))
        assert isinstance(conversation.state, talk.Pausing)
        pauses.append(conversation.state.seconds)
        conversation = conversation.advance(talk.Rested())
    assert pauses == [0.5, 1.0, 2.0, 4.0, 5.0, 5.0, 5.0]


def test_twenty_refusals_in_a_row_bring_a_new_boot() -> None:
    conversation = Conversation(talk.Asking())
    for _ in range(19):
        conversation = conversation.advance(talk.Refused("401")).advance(talk.Rested())
    assert conversation.state == talk.Asking()
    assert isinstance(conversation.advance(talk.Refused("401")).state, talk.Restarting)
    spared = conversation.advance(talk.Unreachable("")).advance(talk.Rested())
    assert isinstance(spared.advance(talk.Refused("401")).state, talk.Pausing)


EVENTS: tuple[talk.Event, ...] = (
    talk.Surveyed(REPORT),
    talk.Accepted(None),
    talk.Accepted(9.0),
    talk.ClockSet(),
    talk.Ordered(Wait("x")),
    talk.Ordered(Wait("x", 10.0)),
    talk.Ordered(order()),
    talk.Ordered(order("o2")),
    talk.Ordered(Reboot("x")),
    talk.Rested(),
    talk.Installed(WRITTEN),
    talk.GaveUp(FAILED),
    talk.Unreachable("x"),
    talk.Refused("x"),
)
STATES: tuple[talk.State, ...] = (
    talk.Surveying(),
    talk.Reporting(REPORT),
    talk.CorrectingClock(9.0, REPORT),
    talk.Asking(),
    talk.Installing(order()),
    talk.Confirming(WRITTEN),
    talk.Complaining(FAILED),
    talk.Pausing(1.0, "x", talk.Asking()),
    talk.Restarting("x"),
)


def test_the_samples_are_all_there() -> None:
    assert {type(event) for event in EVENTS} == set(get_args(talk.Event))


@pytest.mark.parametrize(
    ("state", "event"),
    list(product(STATES, EVENTS)),
    ids=lambda value: type(value).__name__,
)
def test_only_an_order_starts_an_installation_or_a_restart(
    state: talk.State, event: talk.Event
) -> None:
    after = Conversation(state).advance(event).state
    if after != state and isinstance(after, talk.Installing | talk.Restarting):
        assert isinstance(state, talk.Asking)
        assert isinstance(event, talk.Ordered)


@given(st.lists(st.sampled_from(EVENTS), max_size=60))
def test_nothing_is_confirmed_that_was_not_installed(events: list[talk.Event]) -> None:
    conversation = Conversation()
    installed = False
    for event in events:
        before = conversation.state
        conversation = conversation.advance(event)
        installed |= isinstance(before, talk.Installing) and isinstance(event, talk.Installed)
        assert installed or not isinstance(conversation.state, talk.Confirming)
