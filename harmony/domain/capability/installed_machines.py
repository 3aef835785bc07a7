"""Machines with an operating system on their disks."""

from __future__ import annotations

import hashlib
from abc import abstractmethod
from collections.abc import Iterable
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
class LastOrder:
    """The last order to install a machine, under way or carried out: `at`, in epoch seconds, is its
    identity among the machine's own; the digests are of what it names."""

    at: float
    image_sha256: str
    ignition_sha256: str


@dataclass(frozen=True, slots=True)
class MachineCondition:
    """A declared host's machine as last observed. `state` is None while none was seen; `since` in
    epoch seconds; `mac` is the boot NIC's; `waiting_for` and `reason` are words for a person;
    `silent` if it was seen, but is probably off by now."""

    host: str
    state: MachineState | None
    since: float = 0.0
    mac: str | None = None
    address: str | None = None
    system_uuid: str | None = None
    waiting_for: str = ""
    reason: str | None = None
    silent: bool = False
    order: LastOrder | None = None

    @property
    def on_its_own_disk(self) -> bool:
        """Whether what its order names is on its disk."""
        return self.state in (MachineState.INSTALLED, MachineState.READY)


@runtime_checkable
class InstalledMachines(Protocol):
    @abstractmethod
    async def ensure_installations(self, spec: InstallationsSpec) -> Change: ...

    @abstractmethod
    async def observe_machines(self, query: MachineQuery) -> tuple[MachineCondition, ...]: ...


def older_installations(
    conditions: Iterable[MachineCondition], wanted: Iterable[Installation]
) -> tuple[str, ...]:
    """Words for each machine that has something else on its disk than is wanted of it now."""
    wishes = {one.host: one for one in wanted}
    return tuple(
        f"{one.host} runs an older {what}: `provisioner hosts reinstall {one.host}` brings the new one"
        for one in conditions
        if (what := _older(one, wishes[one.host]))
    )


def _older(condition: MachineCondition, wanted: Installation) -> str:
    order = condition.order
    if order is None or not condition.on_its_own_disk:
        return ""
    if order.ignition_sha256 != hashlib.sha256(wanted.ignition.encode()).hexdigest():
        return "config"
    return "" if order.image_sha256 == wanted.image.sha256 else "image"
