"""The life cycle of a machine: which state follows which event, and nothing else.

The rules:
- A machine is `discovered` by its first DHCP message and `inventoried` by its report.
- It becomes a declared host (`assigned`) by a match or by an operator's word, and stops being one
  only while nothing has been ordered: what is being installed or is installed stays what it is.
- `installing` is entered once per order. A report in between (the power went) changes nothing: the
  order that was committed is carried on, unless an operator wants another one (its disk is broken).
- `installed` and `ready` are left by an ordered reinstall or a failure, by nothing that a machine asks.
- The installed system's own word (`first boot reported`) proves more than the agent's `written`: it
  is also taken while the latter is missing.
- A machine that an operator says is a known one, heard with another card, goes on in that one's state.
- `failed` can be entered from anywhere and is left by an operator's word alone.
- Saying again what was already said keeps the state: every message may arrive twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from inventory.machine_state import MachineState


class LifeEvent(StrEnum):
    """What can happen to a machine, past tense."""

    HEARD = "heard"
    REPORTED = "reported"
    ASSIGNED = "assigned to a host"
    RELEASED = "released from its host"
    INSTALL_ORDERED = "install ordered"
    IMAGE_WRITTEN = "image written"
    FIRST_BOOT_REPORTED = "first boot reported"
    FAILED = "failed"
    REINSTALL_ORDERED = "reinstall ordered"
    RETRY_ORDERED = "retry ordered"


@dataclass(frozen=True, slots=True)
class IllegalEvent:
    """The event has no meaning in this state; the state stays."""

    state: MachineState
    event: LifeEvent

    @property
    def reason(self) -> str:
        return f"a machine that is {self.state} cannot be: {self.event}"


_D, _I, _A, _G, _W, _R, _F = (
    MachineState.DISCOVERED,
    MachineState.INVENTORIED,
    MachineState.ASSIGNED,
    MachineState.INSTALLING,
    MachineState.INSTALLED,
    MachineState.READY,
    MachineState.FAILED,
)

TRANSITIONS: Final[dict[tuple[MachineState, LifeEvent], MachineState]] = {
    (_D, LifeEvent.HEARD): _D,
    (_D, LifeEvent.REPORTED): _I,
    (_D, LifeEvent.FAILED): _F,
    (_I, LifeEvent.HEARD): _I,
    (_I, LifeEvent.REPORTED): _I,
    (_I, LifeEvent.ASSIGNED): _A,
    (_I, LifeEvent.FAILED): _F,
    (_A, LifeEvent.HEARD): _A,
    (_A, LifeEvent.REPORTED): _A,
    (_A, LifeEvent.RELEASED): _I,
    (_A, LifeEvent.INSTALL_ORDERED): _G,
    (_A, LifeEvent.REINSTALL_ORDERED): _A,
    (_A, LifeEvent.FAILED): _F,
    (_G, LifeEvent.HEARD): _G,
    (_G, LifeEvent.REPORTED): _G,
    (_G, LifeEvent.IMAGE_WRITTEN): _W,
    (_G, LifeEvent.FIRST_BOOT_REPORTED): _R,
    (_G, LifeEvent.RETRY_ORDERED): _A,
    (_G, LifeEvent.FAILED): _F,
    (_W, LifeEvent.HEARD): _W,
    (_W, LifeEvent.REPORTED): _W,
    (_W, LifeEvent.IMAGE_WRITTEN): _W,
    (_W, LifeEvent.FIRST_BOOT_REPORTED): _R,
    (_W, LifeEvent.REINSTALL_ORDERED): _A,
    (_W, LifeEvent.FAILED): _F,
    (_R, LifeEvent.HEARD): _R,
    (_R, LifeEvent.REPORTED): _R,
    (_R, LifeEvent.IMAGE_WRITTEN): _R,
    (_R, LifeEvent.FIRST_BOOT_REPORTED): _R,
    (_R, LifeEvent.REINSTALL_ORDERED): _A,
    (_R, LifeEvent.FAILED): _F,
    (_F, LifeEvent.HEARD): _F,
    (_F, LifeEvent.REPORTED): _F,
    (_F, LifeEvent.RELEASED): _I,
    (_F, LifeEvent.REINSTALL_ORDERED): _A,
    (_F, LifeEvent.RETRY_ORDERED): _A,
    (_F, LifeEvent.FAILED): _F,
}


def advance(state: MachineState, event: LifeEvent) -> MachineState | IllegalEvent:
    """The state after `event`, or why there is none."""
    return TRANSITIONS.get((state, event)) or IllegalEvent(state, event)


def diagram() -> str:
    """The table as a Mermaid state diagram, without the events that keep the state."""
    moves = [
        f"    {state} --> {after}: {event}"
        for (state, event), after in TRANSITIONS.items()
        if after is not state
    ]
    return "\n".join(["stateDiagram-v2", f"    [*] --> {_D}: {LifeEvent.HEARD}", *moves, ""])
