"""Every (state, event) pair, and what must never be possible."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.machine_state import MachineState
from provisioner.protocol.boot.lifecycle import (
    TRANSITIONS,
    IllegalEvent,
    LifeEvent,
    advance,
    diagram,
)

pytestmark = pytest.mark.unit

D, I, A, G, W, R, F = MachineState  # noqa: E741 - the states' initials, as in the table
STATES = (D, I, A, G, W, R, F)

# Rows: events; columns: discovered, inventoried, assigned, installing, installed, ready, failed.
TABLE: dict[LifeEvent, tuple[MachineState | None, ...]] = {
    LifeEvent.HEARD: (D, I, A, G, W, R, F),
    LifeEvent.REPORTED: (I, I, A, G, W, R, F),
    LifeEvent.ASSIGNED: (None, A, None, None, None, None, None),
    LifeEvent.RELEASED: (None, None, I, None, None, None, I),
    LifeEvent.INSTALL_ORDERED: (None, None, G, None, None, None, None),
    LifeEvent.IMAGE_WRITTEN: (None, None, None, W, W, R, None),
    LifeEvent.FIRST_BOOT_REPORTED: (None, None, None, R, R, R, None),
    LifeEvent.FAILED: (F, F, F, F, F, F, F),
    LifeEvent.REINSTALL_ORDERED: (None, None, A, None, A, A, A),
    LifeEvent.RETRY_ORDERED: (None, None, None, A, None, None, A),
}

FROM_THE_WIRE = (
    LifeEvent.HEARD,
    LifeEvent.REPORTED,
    LifeEvent.IMAGE_WRITTEN,
    LifeEvent.FIRST_BOOT_REPORTED,
)


@pytest.mark.parametrize("event", list(LifeEvent))
@pytest.mark.parametrize("state", STATES)
def test_every_pair_is_as_the_table_says(state: MachineState, event: LifeEvent) -> None:
    expected = TABLE[event][STATES.index(state)]
    assert advance(state, event) == (expected or IllegalEvent(state, event))


@given(st.sampled_from([W, R]), st.lists(st.sampled_from(FROM_THE_WIRE)))
def test_nothing_a_machine_says_makes_an_installed_one_installable(
    state: MachineState, events: list[LifeEvent]
) -> None:
    for event in events:
        after = advance(state, event)
        state = state if isinstance(after, IllegalEvent) else after
        assert state in (W, R)


def test_an_install_is_ordered_from_assigned_alone() -> None:
    entering = {state for (state, _), after in TRANSITIONS.items() if after is G and state is not G}
    assert entering == {A}


def test_an_illegal_event_says_why() -> None:
    refused = advance(R, LifeEvent.RETRY_ORDERED)
    assert isinstance(refused, IllegalEvent)
    assert refused.reason == "a machine that is ready cannot be: retry ordered"


def test_the_diagram_has_every_move_and_no_other() -> None:
    moves = [line for line in diagram().splitlines() if "-->" in line]
    assert len(moves) == 1 + sum(after is not state for (state, _), after in TRANSITIONS.items())
    assert "    assigned --> installing: install ordered" in moves
