"""Whether a machine says nothing for so long that it is probably off.

In the ramdisk its agent asks every few seconds, and a machine that waits in iPXE asks for its script;
between the two, and before the first boot from disk, firmware tests memory for minutes. A machine that
is ready only renews its lease, halfway through it.
"""

from __future__ import annotations

from inventory.machine_state import MachineState
from provisioner.protocol.boot.machine import Machine

BETWEEN_PROGRAMS = 900.0


def is_silent(machine: Machine, heard: float, now: float, lease_time: float) -> bool:
    """`heard` is its last sign of life; since it entered its state it has its time in any case."""
    patience = BETWEEN_PROGRAMS
    if machine.state is MachineState.READY:
        patience = max(patience, lease_time)
    return now - max(heard, machine.since) > patience
