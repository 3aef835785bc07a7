"""`VirtualMachineHost` on libvirt: machines, sparse disks and console logs in one directory."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from typing import Protocol
from uuid import UUID, uuid5

from typing_extensions import override

from harmony.domain.capability.virtual_machine_host import (
    AbsentVirtualMachine,
    VirtualMachine,
    VirtualMachineHost,
    VirtualMachineQuery,
    VirtualMachineSpec,
)
from harmony.domain.outcome import Change
from kvm import machine as kvm_machine
from kvm.disk import ensure_disk
from kvm.errors import NoMachineName
from kvm.host import Definition, ObservedMachine, RunState

_UUIDS = UUID("0d5f3f1c-7a55-5c7e-8f0b-0f7b1c6f2a44")


class Machines(Protocol):
    """What is asked of `kvm.host.LibvirtHost`; all of it blocks."""

    def define(self, machine: kvm_machine.VirtualMachine) -> Definition: ...
    def undefine(self, name: str) -> bool: ...
    def observe(self) -> tuple[ObservedMachine, ...]: ...


class LibvirtMachines(VirtualMachineHost):
    """Machines lie in `directory`/NAME. libvirt blocks, so that every action runs in a thread.

    Raises HypervisorFailed, LabLacksTool and NoMachineName of `kvm.errors`.
    """

    def __init__(self, host: Machines, directory: Path) -> None:
        self._host = host
        self._directory = directory

    @override
    async def ensure_virtual_machine(self, spec: VirtualMachineSpec) -> Change:
        return await asyncio.to_thread(self._define, machine_of(spec, self._directory))

    @override
    async def ensure_absent_virtual_machine(self, spec: AbsentVirtualMachine) -> Change:
        return await asyncio.to_thread(self._remove, spec)

    @override
    async def observe_virtual_machines(
        self, query: VirtualMachineQuery
    ) -> tuple[VirtualMachine, ...]:
        observed = await asyncio.to_thread(self._host.observe)
        return tuple(
            VirtualMachine(
                name=machine.name,
                running=machine.run_state is RunState.RUNNING,
                console_log=str(_console(self._directory, machine.name)),
            )
            for machine in observed
            if not query.names or machine.name in query.names
        )

    def _define(self, machine: kvm_machine.VirtualMachine) -> Change:
        Path(machine.console).parent.mkdir(parents=True, exist_ok=True)
        made = [disk for disk in machine.disks if ensure_disk(disk)]
        definition = self._host.define(machine)
        changed = bool(made) or definition is not Definition.UNCHANGED
        return Change(changed, f"virtual machine {machine.name}: {definition}")

    def _remove(self, spec: AbsentVirtualMachine) -> Change:
        directory = _home(self._directory, spec.name)
        removed = self._host.undefine(spec.name)
        if directory.exists() and not spec.keep_disks:
            shutil.rmtree(directory)
            removed = True
        return Change(removed, f"virtual machine {spec.name}: {'removed' if removed else 'absent'}")


def machine_of(spec: VirtualMachineSpec, directory: Path) -> kvm_machine.VirtualMachine:
    """What `spec` asks for, with files under `directory`; what it leaves open follows its name.

    Raises NoMachineName.
    """
    home = _home(directory, spec.name)
    return kvm_machine.VirtualMachine(
        name=spec.name,
        uuid=UUID(spec.system_uuid) if spec.system_uuid else uuid5(_UUIDS, spec.name),
        serial=spec.serial or spec.name,
        firmware=spec.firmware,
        cpus=spec.cpus,
        memory_mib=spec.memory_mib,
        console=_console(directory, spec.name),
        nvram=home / "nvram.fd",
        nics=tuple(kvm_machine.VirtualNic(nic.mac, nic.bridge, nic.model) for nic in spec.nics),
        disks=tuple(
            kvm_machine.VirtualDisk(
                path=home / f"disk-{position}.qcow2",
                size_gib=disk.size_gib,
                serial=disk.serial or f"{spec.name}-{position}",
                wwn=disk.wwn,
                bus=kvm_machine.DiskBus.SCSI if disk.wwn else kvm_machine.DiskBus.VIRTIO,
            )
            for position, disk in enumerate(spec.disks, start=1)
        ),
        boot_first=kvm_machine.BootFirst.NETWORK,
    )


def _home(directory: Path, name: str) -> Path:
    """The machine's own directory, which is removed with it: never `directory` or one above."""
    if name in ("", ".", "..") or "/" in name:
        raise NoMachineName(f"{name!r} can't be the name of a virtual machine")
    return directory / name


def _console(directory: Path, name: str) -> Path:
    return directory / name / "console.log"
