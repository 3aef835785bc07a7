"""Machines with an operating system on their disks."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from harmony.domain.outcome import Change
from inventory.contribution import Installation
from inventory.machine_state import MachineState


@dataclass(frozen=True, slots=True)
class InstallationsSpec:
    """All installations that `owner` wants. A host already installed is not installed again."""

    owner: str
    installations: tuple[Installation, ...]


@dataclass(frozen=True, slots=True)
class MachineQuery:
    """The machines of these declared hosts, by name; of none given, of all."""

    hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MachineCondition:
    """A declared host's machine as last observed. `state` is None while none was seen; `since` in
    epoch seconds; `mac` is the boot NIC's; `waiting_for` and `reason` are words for a person."""

    host: str
    state: MachineState | None
    since: float = 0.0
    mac: str | None = None
    address: str | None = None
    system_uuid: str | None = None
    waiting_for: str = ""
    reason: str | None = None


@runtime_checkable
class InstalledMachines(Protocol):
    @abstractmethod
    async def ensure_installations(self, spec: InstallationsSpec) -> Change: ...

    @abstractmethod
    async def observe_machines(self, query: MachineQuery) -> tuple[MachineCondition, ...]: ...
