"""Two machines that between them use everything a machine can be."""

from __future__ import annotations

from pathlib import PurePath
from uuid import UUID

from inventory.host import Firmware, NicModel
from kvm.machine import (
    BootFirst,
    DiskBus,
    DiskFormat,
    VirtualDisk,
    VirtualMachine,
    VirtualNic,
)

_W1, _CP1 = PurePath("/lab/w1"), PurePath("/lab/cp1")

BIOS_MACHINE = VirtualMachine(
    name="w1",
    uuid=UUID(int=0x11),
    serial="SN-W1",
    firmware=Firmware.BIOS,
    cpus=1,
    memory_mib=1536,
    console=_W1 / "console.log",
    nvram=_W1 / "nvram.fd",
    nics=(
        VirtualNic("52:54:00:07:00:12", "eth1"),
        VirtualNic("52:54:00:07:00:13", "eth2", NicModel.E1000),
    ),
    disks=(VirtualDisk(_W1 / "disk-1.qcow2", 20, "DISK-OF-W1"),),
)

UEFI_MACHINE = VirtualMachine(
    name="cp1",
    uuid=UUID(int=0x12),
    serial="SN <1> & co",
    firmware=Firmware.UEFI,
    cpus=2,
    memory_mib=3072,
    console=_CP1 / "console.log",
    nvram=_CP1 / "nvram.fd",
    nics=(VirtualNic("52:54:00:07:00:11", "eth1"),),
    disks=(
        VirtualDisk(
            _CP1 / "disk-1.qcow2",
            20,
            "LONGER-THAN-TWENTY-CHARACTERS",
            bus=DiskBus.SCSI,
            wwn="5000c500a1b2c3d4",
        ),
        VirtualDisk(
            _CP1 / "disk-2.raw",
            40,
            "S2",
            format=DiskFormat.RAW,
            bus=DiskBus.SATA,
            rotational=True,
        ),
    ),
    boot_first=BootFirst.NETWORK,
    clock_offset_seconds=-31_536_000,
)
