"""A host of virtual machines."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from harmony.domain.outcome import Change
from inventory.host import Firmware, NicModel


@dataclass(frozen=True, slots=True)
class VirtualNic:
    """`bridge` is the host's bridge that it is plugged into."""

    mac: str
    bridge: str
    model: NicModel = NicModel.VIRTIO


@dataclass(frozen=True, slots=True)
class VirtualDisk:
    """A sparse disk, made empty if it isn't there."""

    size_gib: int
    serial: str | None = None
    wwn: str | None = None


@dataclass(frozen=True, slots=True)
class VirtualMachineSpec:
    """The machine as a whole. It boots from its first NIC, then from its first disk."""

    name: str
    nics: tuple[VirtualNic, ...]
    disks: tuple[VirtualDisk, ...]
    firmware: Firmware = Firmware.UEFI
    cpus: int = 1
    memory_mib: int = 2048
    serial: str | None = None
    system_uuid: str | None = None


@dataclass(frozen=True, slots=True)
class AbsentVirtualMachine:
    """`keep_disks` leaves what it has written."""

    name: str
    keep_disks: bool = False


@dataclass(frozen=True, slots=True)
class VirtualMachineQuery:
    """Machines of these names; of none given, all."""

    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VirtualMachine:
    name: str
    running: bool
    console_log: str = ""


@runtime_checkable
class VirtualMachineHost(Protocol):
    @abstractmethod
    async def ensure_virtual_machine(self, spec: VirtualMachineSpec) -> Change: ...

    @abstractmethod
    async def ensure_absent_virtual_machine(self, spec: AbsentVirtualMachine) -> Change: ...

    @abstractmethod
    async def observe_virtual_machines(
        self, query: VirtualMachineQuery
    ) -> tuple[VirtualMachine, ...]: ...
