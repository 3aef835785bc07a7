"""What the admin API shows: values made out of the memory, secrets left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import assert_never

from inventory.host import Host
from inventory.machine_state import MachineState
from inventory.matching import Ambiguous, Matched, Unmatched, WhyNot
from provisioner.agent.messages import DiskReport, HardwareReport
from provisioner.ports import LoggedEvent, Scalar
from provisioner.protocol.boot.machine import InstallOrder, Machine
from provisioner.protocol.boot.orders import waiting_for
from provisioner.serve.ledger import Ledger


@dataclass(frozen=True, slots=True)
class ProgressView:
    """`done` and `total` in bytes."""

    phase: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class OrderView:
    """The last order given, without its secrets; `at` in epoch seconds."""

    id: str
    disk: DiskReport
    image: str
    image_sha256: str
    ignition_sha256: str
    at: float


@dataclass(frozen=True, slots=True)
class HostView:
    """A declared host. `machine` is the MAC of the machine that is it; `since` is when it entered
    `state` (epoch seconds, 0 if nothing was seen yet); `waiting_for` is empty if for nothing;
    `silent` if it was seen, but says nothing for so long that it is probably off."""

    host: str
    machine: str | None
    state: MachineState | None
    since: float
    address: str | None
    waiting_for: str
    silent: bool
    progress: ProgressView | None
    reason: str
    hardware: HardwareReport | None
    installed_order: OrderView | None


@dataclass(frozen=True, slots=True)
class MachineView:
    """A machine seen on the wire. `candidates` are hosts that it isn't, and why."""

    mac: str
    state: MachineState
    since: float
    host: str | None
    address: str | None
    waiting_for: str
    hardware: HardwareReport | None
    match: str
    candidates: tuple[WhyNot, ...]


@dataclass(frozen=True, slots=True)
class EventView:
    seq: int
    time: float
    host: str | None
    mac: str | None
    kind: str
    detail: Mapping[str, Scalar]


class Views:
    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._memory = ledger.memory

    def hosts(self) -> list[HostView]:
        """Every declared host, in the declaration's order."""
        return [self._host(host) for host in self._memory.desired.hosts]

    def machines(self) -> list[MachineView]:
        """Every machine seen, also those that are no declared host; one that turned out to be another
        card of a machine that has reported is that machine."""
        return [
            self._machine(machine)
            for mac, machine in self._memory.machines.items()
            if self._memory.machine_of(mac) is machine
        ]

    def _host(self, host: Host) -> HostView:
        machine = self._memory.machine_of_host(host)
        if machine is None:
            return HostView(
                host=host.name,
                machine=None,
                state=None,
                since=0.0,
                address=host.address,
                waiting_for="its first network boot",
                silent=False,
                progress=None,
                reason="",
                hardware=None,
                installed_order=None,
            )
        return HostView(
            host=host.name,
            machine=machine.mac,
            state=machine.state,
            since=machine.since,
            address=self._address(machine) or host.address,
            waiting_for=waiting_for(machine, self._memory.wish_for(machine)),
            silent=self._ledger.is_silent(machine),
            progress=self._progress(machine),
            reason=machine.reason,
            hardware=machine.report,
            installed_order=None if machine.order is None else _order(machine.order),
        )

    def _machine(self, machine: Machine) -> MachineView:
        match, candidates = self._match(machine)
        return MachineView(
            mac=machine.mac,
            state=machine.state,
            since=machine.since,
            host=machine.host,
            address=self._address(machine),
            waiting_for=waiting_for(machine, self._memory.wish_for(machine)),
            hardware=machine.report,
            match=match,
            candidates=candidates,
        )

    def _match(self, machine: Machine) -> tuple[str, tuple[WhyNot, ...]]:
        if machine.host is not None:
            return f"it is {machine.host}", ()
        match = self._ledger.match_of(machine)
        match match:
            case None:
                return "it hasn't reported its hardware yet", ()
            case Matched(host, by):
                return f"it is {host}, by {by}", ()
            case Ambiguous(reason=reason):
                return reason, ()
            case Unmatched(candidates):
                return "it is no declared host", candidates
            case _:
                assert_never(match)

    def _address(self, machine: Machine) -> str | None:
        address = self._memory.address_of(machine, self._ledger.now())
        return None if address is None else str(address)

    def _progress(self, machine: Machine) -> ProgressView | None:
        progress = self._memory.progress.get(machine.mac)
        if progress is None:
            return None
        return ProgressView(progress.phase, progress.done, progress.total)


def _order(order: InstallOrder) -> OrderView:
    return OrderView(
        id=order.id,
        disk=order.disk,
        image=order.image.name,
        image_sha256=order.image.sha256,
        ignition_sha256=order.ignition_sha256,
        at=order.at,
    )


def event_view(logged: LoggedEvent) -> EventView:
    event = logged.event
    return EventView(logged.seq, event.time, event.host, event.mac, event.kind, event.detail)
