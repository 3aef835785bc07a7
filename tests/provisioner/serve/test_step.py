from __future__ import annotations

from dataclasses import replace

import pytest

from inventory.machine_state import MachineState
from provisioner.ports import AddOrder, EraseIgnitions, Event, LogEvent, SaveMachine
from provisioner.protocol.boot.errors import OutOfTurn
from provisioner.protocol.boot.lifecycle import LifeEvent
from provisioner.serve.step import Step, first_step
from tests.provisioner.protocol.boot.values import MAC, ORDER, machine

pytestmark = pytest.mark.unit


def test_an_order_is_committed_with_the_machine_that_carries_it() -> None:
    before = machine(MachineState.ASSIGNED)
    step = Step.of(before, 200.0).ordered(ORDER).advanced(LifeEvent.INSTALL_ORDERED)
    step = step.along(EraseIgnitions("w9"))
    after = replace(before, state=MachineState.INSTALLING, since=200.0, order=ORDER)
    moved = {"from": "assigned", "to": "installing"}
    assert step.before == before
    assert step.changes == (
        AddOrder(ORDER),
        EraseIgnitions("w9"),
        SaveMachine(after),
        LogEvent(Event(200.0, "StateChanged", MAC, "cp1", moved)),
    )


def test_an_event_that_keeps_the_state_keeps_since_when() -> None:
    ready = machine(MachineState.READY)
    assert Step.of(ready, 200.0).advanced(LifeEvent.FIRST_BOOT_REPORTED).machine == ready


def test_an_event_without_meaning_is_out_of_turn() -> None:
    with pytest.raises(OutOfTurn, match="ready cannot be: install ordered"):
        Step.of(machine(MachineState.READY), 200.0).advanced(LifeEvent.INSTALL_ORDERED)


def test_a_machine_is_logged_under_its_declared_name_before_it_is_assigned() -> None:
    step = first_step(machine(MachineState.DISCOVERED), "cp1").log("Asked")
    assert [event.host for event in step.events] == ["cp1", "cp1"]
    assert step.as_host("w1").because("x").log("Asked").events[-1].host == "w1"
