from __future__ import annotations

import pytest

from inventory.host import Firmware
from inventory.machine_state import MachineState
from provisioner.protocol.boot.plan import (
    UNKNOWN_MACHINE,
    AskAgain,
    BootOwnDisk,
    BootPlan,
    BootRamdisk,
    Purpose,
    plan,
)

pytestmark = pytest.mark.unit

PLANS: dict[MachineState, BootPlan] = {
    MachineState.DISCOVERED: BootRamdisk(Purpose.DISCOVERY, "reading its hardware"),
    MachineState.INVENTORIED: BootRamdisk(Purpose.WAITING, UNKNOWN_MACHINE),
    MachineState.ASSIGNED: BootRamdisk(Purpose.INSTALL, "to be installed as cp1"),
    MachineState.INSTALLING: BootRamdisk(Purpose.INSTALL, "to be installed as cp1"),
    MachineState.INSTALLED: BootOwnDisk(Firmware.UEFI),
    MachineState.READY: BootOwnDisk(Firmware.UEFI),
    MachineState.FAILED: BootRamdisk(
        Purpose.WAITING, "failed, waiting for an operator: no disk left"
    ),
}


@pytest.mark.parametrize("state", list(MachineState))
def test_the_plan_of_every_state(state: MachineState) -> None:
    planned = plan("cp1", state, Firmware.UEFI, has_ramdisk=True, reason="no disk left")
    assert planned == PLANS[state]


@pytest.mark.parametrize("state", list(MachineState))
def test_without_a_ramdisk_machines_ask_again_and_installed_ones_still_boot(
    state: MachineState,
) -> None:
    planned = plan("cp1", state, Firmware.BIOS, has_ramdisk=False)
    if state in (MachineState.INSTALLED, MachineState.READY):
        assert planned == BootOwnDisk(Firmware.BIOS)
    else:
        assert planned == AskAgain("waiting for the ramdisk, which is not built yet")


def test_a_machine_nobody_knows_is_told_so() -> None:
    planned = plan(None, MachineState.DISCOVERED, Firmware.BIOS, has_ramdisk=False)
    assert planned == AskAgain("I don't know you yet: waiting for approval")
