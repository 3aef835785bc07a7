"""A virtual machine as one value: everything that decides what the guest sees.

Two equal values are the same machine, so defining the same value twice changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath
from uuid import UUID

from inventory.host import Firmware, NicModel

_DEBIAN_QEMU = PurePath("/usr/bin/qemu-system-x86_64")
_DEBIAN_OVMF = PurePath("/usr/share/OVMF")


class DiskFormat(StrEnum):
    """How the disk lies in its file; both are sparse."""

    QCOW2 = "qcow2"
    RAW = "raw"


class DiskBus(StrEnum):
    """How the guest sees the disk. Only SATA and SCSI carry a WWN and a rotation rate."""

    VIRTIO = "virtio"
    SATA = "sata"
    SCSI = "scsi"


class BootFirst(StrEnum):
    """What the firmware tries first; the other one follows."""

    DISK = "disk"
    NETWORK = "network"


class Virtualization(StrEnum):
    """Who executes the guest's instructions."""

    KVM = "kvm"
    EMULATION = "qemu"


@dataclass(frozen=True, slots=True)
class VirtualNic:
    """A network card on the host bridge called `bridge`; `mac` in the usual spelling."""

    mac: str
    bridge: str
    model: NicModel = NicModel.VIRTIO


@dataclass(frozen=True, slots=True)
class VirtualDisk:
    """A disk in the file `path`. virtio cuts `serial` at 20 characters; `wwn` is 16 hex digits."""

    path: PurePath
    size_gib: int
    serial: str
    format: DiskFormat = DiskFormat.QCOW2
    bus: DiskBus = DiskBus.VIRTIO
    wwn: str | None = None
    rotational: bool = False


@dataclass(frozen=True, slots=True)
class VirtualMachine:
    """`console` is the file that the first serial port is appended to; `nvram` is its own
    copy of the UEFI variables; `clock_offset_seconds` is what its hardware clock is wrong by."""

    name: str
    uuid: UUID
    serial: str
    firmware: Firmware
    cpus: int
    memory_mib: int
    console: PurePath
    nvram: PurePath
    nics: tuple[VirtualNic, ...] = ()
    disks: tuple[VirtualDisk, ...] = ()
    boot_first: BootFirst = BootFirst.DISK
    clock_offset_seconds: int = 0


@dataclass(frozen=True, slots=True)
class Hypervisor:
    """What the machines run on: who executes them, with which program and firmware. `uefi_code` and
    `uefi_variables` are OVMF's read-only part and the template of its variables, without Secure
    Boot and so without system management mode, which emulation makes slow."""

    virtualization: Virtualization = Virtualization.EMULATION
    emulator: PurePath = _DEBIAN_QEMU
    uefi_code: PurePath = _DEBIAN_OVMF / "OVMF_CODE_4M.fd"
    uefi_variables: PurePath = _DEBIAN_OVMF / "OVMF_VARS_4M.fd"
