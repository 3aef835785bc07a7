"""What a machine's network boot leads to: a pure function of its state.

Never an installation by itself: the ramdisk asks for its order, and the order is what was committed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from inventory.host import Firmware
from inventory.machine_state import MachineState


class Purpose(StrEnum):
    """Why the ramdisk is booted, as the machine's console says it."""

    DISCOVERY = "reading its hardware"
    INSTALL = "being installed"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class BootRamdisk:
    purpose: Purpose
    words: str


@dataclass(frozen=True, slots=True)
class BootOwnDisk:
    firmware: Firmware


@dataclass(frozen=True, slots=True)
class AskAgain:
    """There is nothing to boot yet: the firmware's network program shows `words` and asks again."""

    words: str


BootPlan = BootRamdisk | BootOwnDisk | AskAgain

UNKNOWN_MACHINE = "I don't know you yet: waiting for approval"


def plan(
    host: str | None,
    state: MachineState,
    firmware: Firmware,
    *,
    has_ramdisk: bool,
    reason: str = "",
) -> BootPlan:
    """`host` is the declared host the machine is (None: not known yet); `reason` says why it failed."""
    match state:
        case MachineState.INSTALLED | MachineState.READY:
            return BootOwnDisk(firmware)
        case MachineState.DISCOVERED:
            wish = BootRamdisk(Purpose.DISCOVERY, "reading its hardware")
        case MachineState.ASSIGNED | MachineState.INSTALLING:
            wish = BootRamdisk(Purpose.INSTALL, f"to be installed as {host}")
        case MachineState.INVENTORIED:
            wish = BootRamdisk(Purpose.WAITING, UNKNOWN_MACHINE)
        case MachineState.FAILED:
            wish = BootRamdisk(Purpose.WAITING, f"failed, waiting for an operator: {reason}")
        case _:
            assert_never(state)
    if has_ramdisk:
        return wish
    if host is None:
        return AskAgain(UNKNOWN_MACHINE)
    return AskAgain("waiting for the ramdisk, which is not built yet")
