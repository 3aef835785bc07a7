from __future__ import annotations

import asyncio

import pytest

from harmony.domain.capability.power_control import (
    PowerCondition,
    PowerQuery,
    PowerSpec,
    PowerState,
)
from harmony.domain.outcome import Change
from harmony.infra.operator_power import OperatorPower, rack_words
from inventory.host import Host
from inventory.machine_state import MachineState
from tests.harmony.infra.seen_machines import SeenMachines

pytestmark = pytest.mark.unit

W1 = Host("w1", rack="A", bay="4")


def test_a_person_is_asked_until_the_machine_is_heard() -> None:
    machines = SeenMachines()
    power = OperatorPower(machines)
    assert asyncio.run(power.ensure_power(PowerSpec(W1, PowerState.ON))) == Change(
        False, "the operator switches w1 on"
    )
    assert asyncio.run(power.observe_power(PowerQuery(W1))) == PowerCondition(
        "w1", PowerState.UNKNOWN, "press power on w1, rack A, bay 4"
    )
    machines.states["w1"] = MachineState.DISCOVERED
    assert asyncio.run(power.observe_power(PowerQuery(W1))) == PowerCondition("w1", PowerState.ON)
    machines.silent.add("w1")
    assert asyncio.run(power.observe_power(PowerQuery(W1))) == PowerCondition(
        "w1",
        PowerState.UNKNOWN,
        "press power on w1, rack A, bay 4, if it is off: nothing is heard of it any more",
    )


@pytest.mark.parametrize(
    ("host", "words"),
    [(W1, "w1, rack A, bay 4"), (Host("w1", bay="4"), "w1, bay 4"), (Host("w1"), "w1")],
)
def test_where_it_stands(host: Host, words: str) -> None:
    assert rack_words(host) == words
