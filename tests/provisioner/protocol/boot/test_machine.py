from __future__ import annotations

from dataclasses import replace

import pytest

from inventory.machine_state import MachineState
from provisioner.agent.messages import NicReport
from tests.provisioner.protocol.boot.values import MAC, OTHER_MAC, REPORT, machine

pytestmark = pytest.mark.unit


def test_a_machine_has_the_mac_it_was_heard_with_first_and_every_reported_one_once() -> None:
    cards = (NicReport("eth1", OTHER_MAC, "x", False), *REPORT.nics)
    seen = machine(MachineState.INVENTORIED, report=replace(REPORT, nics=cards))
    assert seen.macs == (MAC, OTHER_MAC)
    assert machine(MachineState.DISCOVERED).macs == (MAC,)
