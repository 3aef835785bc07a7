from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath
from uuid import UUID

import pytest

from harmony.domain.capability.virtual_machine_host import (
    AbsentVirtualMachine,
    VirtualDisk,
    VirtualMachine,
    VirtualMachineQuery,
    VirtualMachineSpec,
    VirtualNic,
)
from harmony.domain.outcome import Change
from harmony.infra.libvirt_machines import LibvirtMachines, machine_of
from inventory.host import Firmware, NicModel
from kvm import machine as kvm_machine
from kvm.errors import NoMachineName
from kvm.host import Definition, ObservedMachine, RunState

pytestmark = pytest.mark.protocol

SPEC = VirtualMachineSpec("w1", nics=(VirtualNic("52:54:00:07:00:12", "br0"),), disks=())


@dataclass
class Host:
    """Remembers what is defined; everything is off unless it is told otherwise."""

    defined: dict[str, kvm_machine.VirtualMachine] = field(
        default_factory=dict[str, kvm_machine.VirtualMachine]
    )
    states: dict[str, RunState] = field(default_factory=dict[str, RunState])

    def define(self, machine: kvm_machine.VirtualMachine) -> Definition:
        known = self.defined.get(machine.name)
        self.defined[machine.name] = machine
        if known is None:
            return Definition.CREATED
        return Definition.UNCHANGED if known == machine else Definition.CHANGED

    def undefine(self, name: str) -> bool:
        return self.defined.pop(name, None) is not None

    def observe(self) -> tuple[ObservedMachine, ...]:
        return tuple(
            ObservedMachine(
                name,
                machine.uuid,
                self.states.get(name, RunState.OFF),
                tuple(nic.mac for nic in machine.nics),
            )
            for name, machine in sorted(self.defined.items())
        )


def ensure(machines: LibvirtMachines, spec: VirtualMachineSpec) -> Change:
    return asyncio.run(machines.ensure_virtual_machine(spec))


def remove(machines: LibvirtMachines, spec: AbsentVirtualMachine) -> Change:
    return asyncio.run(machines.ensure_absent_virtual_machine(spec))


def test_the_whole_machine() -> None:
    spec = VirtualMachineSpec(
        "cp1",
        nics=(VirtualNic("52:54:00:07:00:11", "br0", NicModel.E1000),),
        disks=(VirtualDisk(20), VirtualDisk(40, serial="SN", wwn="5000c500a1b2c3d4")),
        firmware=Firmware.BIOS,
        cpus=2,
        memory_mib=3072,
        serial="CHASSIS-1",
        system_uuid="4c4c4544-0042-4610-8057-c2c04f343233",
    )
    home = PurePath("/vms/cp1")
    assert machine_of(spec, Path("/vms")) == kvm_machine.VirtualMachine(
        name="cp1",
        uuid=UUID("4c4c4544-0042-4610-8057-c2c04f343233"),
        serial="CHASSIS-1",
        firmware=Firmware.BIOS,
        cpus=2,
        memory_mib=3072,
        console=home / "console.log",
        nvram=home / "nvram.fd",
        nics=(kvm_machine.VirtualNic("52:54:00:07:00:11", "br0", NicModel.E1000),),
        disks=(
            kvm_machine.VirtualDisk(home / "disk-1.qcow2", 20, "cp1-1"),
            kvm_machine.VirtualDisk(
                home / "disk-2.qcow2",
                40,
                "SN",
                bus=kvm_machine.DiskBus.SCSI,
                wwn="5000c500a1b2c3d4",
            ),
        ),
        boot_first=kvm_machine.BootFirst.NETWORK,
    )


def test_what_is_left_open_follows_the_name() -> None:
    first, again = machine_of(SPEC, Path("/vms")), machine_of(SPEC, Path("/vms"))
    assert first == again
    assert first.serial == "w1"
    assert first.uuid != machine_of(replace(SPEC, name="w2"), Path("/vms")).uuid


def test_twice_is_once(tmp_path: Path) -> None:
    machines = LibvirtMachines(Host(), tmp_path)
    assert ensure(machines, SPEC) == Change(True, "virtual machine w1: created")
    assert ensure(machines, SPEC) == Change(False, "virtual machine w1: unchanged")
    assert ensure(machines, replace(SPEC, cpus=2)) == Change(True, "virtual machine w1: changed")
    assert (tmp_path / "w1").is_dir()


def test_a_disk_that_was_missing_is_a_change(tmp_path: Path) -> None:
    machines = LibvirtMachines(Host(), tmp_path)
    with_disk = replace(SPEC, disks=(VirtualDisk(1),))
    assert ensure(machines, with_disk).changed
    assert not ensure(machines, with_disk).changed
    (tmp_path / "w1" / "disk-1.qcow2").unlink()
    assert ensure(machines, with_disk) == Change(True, "virtual machine w1: unchanged")
    assert (tmp_path / "w1" / "disk-1.qcow2").exists()


def test_removed_with_its_files_unless_they_are_kept(tmp_path: Path) -> None:
    machines = LibvirtMachines(Host(), tmp_path)
    ensure(machines, SPEC)
    kept = AbsentVirtualMachine("w1", keep_disks=True)
    assert remove(machines, kept) == Change(True, "virtual machine w1: removed")
    assert remove(machines, kept) == Change(False, "virtual machine w1: absent")
    assert (tmp_path / "w1").is_dir()
    assert remove(machines, AbsentVirtualMachine("w1")).changed
    assert not remove(machines, AbsentVirtualMachine("w1")).changed
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["", ".", "..", "../w1", "/etc"])
def test_a_name_that_leads_elsewhere_removes_nothing(tmp_path: Path, name: str) -> None:
    precious = tmp_path / "vms" / "other" / "disk-1.qcow2"
    precious.parent.mkdir(parents=True)
    precious.touch()
    machines = LibvirtMachines(Host(), tmp_path / "vms")
    with pytest.raises(NoMachineName):
        remove(machines, AbsentVirtualMachine(name))
    with pytest.raises(NoMachineName):
        ensure(machines, replace(SPEC, name=name))
    assert precious.exists()


def test_observed_are_those_asked_for(tmp_path: Path) -> None:
    host = Host(states={"w1": RunState.RUNNING, "w2": RunState.CRASHED})
    machines = LibvirtMachines(host, tmp_path)
    for name in ("w1", "w2"):
        ensure(machines, replace(SPEC, name=name))

    def observed(*names: str) -> tuple[VirtualMachine, ...]:
        return asyncio.run(machines.observe_virtual_machines(VirtualMachineQuery(names)))

    w1 = VirtualMachine("w1", running=True, console_log=f"{tmp_path}/w1/console.log")
    w2 = VirtualMachine("w2", running=False, console_log=f"{tmp_path}/w2/console.log")
    assert observed() == (w1, w2)
    assert observed("w2") == (w2,)
    assert observed("w9") == ()
