from __future__ import annotations

import pytest

from inventory.machine_state import MachineState
from provisioner.protocol.boot.machine import Machine
from provisioner.protocol.boot.silence import BETWEEN_PROGRAMS, is_silent
from tests.provisioner.protocol.boot.values import MAC

pytestmark = pytest.mark.unit

LEASE = 4 * BETWEEN_PROGRAMS


@pytest.mark.parametrize("state", list(MachineState))
def test_each_state_has_its_patience(state: MachineState) -> None:
    machine = Machine(MAC, state, 0.0, "token")
    patience = LEASE if state is MachineState.READY else BETWEEN_PROGRAMS
    assert not is_silent(machine, 100.0, 100.0 + patience, LEASE)
    assert is_silent(machine, 100.0, 101.0 + patience, LEASE)


def test_a_short_lease_does_not_make_a_ready_machine_silent_sooner() -> None:
    machine = Machine(MAC, MachineState.READY, 0.0, "token")
    assert not is_silent(machine, 0.0, BETWEEN_PROGRAMS, 60.0)


def test_a_new_state_begins_anew() -> None:
    machine = Machine(MAC, MachineState.ASSIGNED, 10_000.0, "token")
    assert not is_silent(machine, 0.0, 10_000.0 + BETWEEN_PROGRAMS, LEASE)
