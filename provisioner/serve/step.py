"""One decision about a machine, before it is committed: the machine as it will be, and what goes along."""

from __future__ import annotations

from dataclasses import dataclass, replace

from inventory.machine_state import MachineState
from provisioner.agent.messages import DiskReport, HardwareReport
from provisioner.ports import (
    AddOrder,
    Change,
    Event,
    ForgetMachine,
    LogEvent,
    SaveMachine,
    Scalar,
)
from provisioner.protocol.boot.errors import OutOfTurn
from provisioner.protocol.boot.lifecycle import IllegalEvent, LifeEvent, advance
from provisioner.protocol.boot.machine import InstallOrder, Machine


@dataclass(frozen=True, slots=True)
class Step:
    """`before` is what is committed, `machine` what is going to be; `now` in epoch seconds;
    `declared` is the host whose declared MAC it has, for the log while it isn't assigned."""

    now: float
    before: Machine
    machine: Machine
    declared: str | None = None
    extra: tuple[Change, ...] = ()
    events: tuple[Event, ...] = ()

    @classmethod
    def of(cls, machine: Machine, now: float, declared: str | None = None) -> Step:
        return cls(now, machine, machine, declared)

    def advanced(self, event: LifeEvent) -> Step:
        """The machine after the event. Raises OutOfTurn if the event has no meaning in its state."""
        after = advance(self.machine.state, event)
        if isinstance(after, IllegalEvent):
            raise OutOfTurn(after.reason)
        if after is self.machine.state:
            return self
        moved = replace(self.machine, state=after, since=self.now)
        detail: dict[str, Scalar] = {"from": self.machine.state.value, "to": after.value}
        return replace(self, machine=moved).log("StateChanged", detail)

    def reported(self, report: HardwareReport) -> Step:
        return replace(self, machine=replace(self.machine, report=report))

    def as_host(self, host: str | None) -> Step:
        return replace(self, machine=replace(self.machine, host=host))

    def because(self, reason: str) -> Step:
        return replace(self, machine=replace(self.machine, reason=reason))

    def ordered(self, order: InstallOrder) -> Step:
        machine = replace(self.machine, order=order)
        return replace(self, machine=machine, extra=(*self.extra, AddOrder(order)))

    def owning(self, disk: DiskReport) -> Step:
        """The machine's order writes the disk: what it holds is our own."""
        return replace(self, machine=replace(self.machine, own_disk=disk))

    def going_on_as(self, known: Machine) -> Step:
        """The machine is the known one, which was heard with another card before: what was ordered,
        written and reported of it is true of this one."""
        machine = replace(
            self.machine,
            state=known.state,
            since=self.now,
            host=known.host,
            order=known.order,
            own_disk=known.own_disk,
            reason=known.reason,
        )
        step = replace(self, machine=machine).along(ForgetMachine(known.mac))
        if known.state is self.machine.state:
            return step
        detail: dict[str, Scalar] = {"from": self.machine.state.value, "to": known.state.value}
        return step.log("StateChanged", detail)

    def along(self, *changes: Change) -> Step:
        return replace(self, extra=(*self.extra, *changes))

    def log(self, kind: str, detail: dict[str, Scalar] | None = None) -> Step:
        host = self.machine.host or self.declared
        event = Event(self.now, kind, self.machine.mac, host, detail or {})
        return replace(self, events=(*self.events, event))

    @property
    def changes(self) -> tuple[Change, ...]:
        """Everything to be committed together: an order before the machine that refers to it."""
        return (*self.extra, SaveMachine(self.machine), *(LogEvent(one) for one in self.events))


def first_step(machine: Machine, declared: str | None) -> Step:
    """A machine was heard for the first time."""
    detail: dict[str, Scalar] = {"from": None, "to": MachineState.DISCOVERED.value}
    return Step.of(machine, machine.since, declared).log("StateChanged", detail)
