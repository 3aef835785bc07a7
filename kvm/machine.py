"""A virtual machine as one value: everything that decides what the guest sees.

Two equal values are the same machine, so defining the same value twice changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePosixPath
from uuid import UUID

from inventory.host import Firmware, NicModel


class DiskFormat(StrEnum):
    """How the disk lies in its file; both are sparse."""

    QCOW2 = "qcow2"
    RAW = "raw"


class DiskBus(StrEnum):
    """How the guest sees the disk. Only SATA and SCSI carry a World Wide Name and a rotation rate."""

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
    """A disk in the file `path`. `serial` is cut at 20 characters by virtio; `wwn` is 16 hex digits."""

    path: PurePosixPath
    size_gib: int
    serial: str
    format: DiskFormat = DiskFormat.QCOW2
    bus: DiskBus = DiskBus.VIRTIO
    wwn: str | None = None
    rotational: bool = False


@dataclass(frozen=True, slots=True)
class VirtualMachine:
    """`console` is the file that the first serial port is appended to; `nvram` is this machine's own
    copy of the UEFI variables; `clock_offset_seconds` is what its hardware clock is wrong by."""

    name: str
    uuid: UUID
    serial: str
    firmware: Firmware
    cpus: int
    memory_mib: int
    console: PurePosixPath
    nvram: PurePosixPath
    nics: tuple[VirtualNic, ...] = ()
    disks: tuple[VirtualDisk, ...] = ()
    boot_first: BootFirst = BootFirst.DISK
    clock_offset_seconds: int = 0


@dataclass(frozen=True, slots=True)
class UefiFiles:
    """OVMF: the read-only code and the template of its variables."""

    code: PurePosixPath = PurePosixPath("/usr/share/OVMF/OVMF_CODE_4M.fd")
    variables: PurePosixPath = PurePosixPath("/usr/share/OVMF/OVMF_VARS_4M.fd")


@dataclass(frozen=True, slots=True)
class Hypervisor:
    """What the machines run on: who executes them, with which program and firmware files."""

    virtualization: Virtualization = Virtualization.EMULATION
    emulator: PurePosixPath = PurePosixPath("/usr/bin/qemu-system-x86_64")
    uefi: UefiFiles = field(default_factory=UefiFiles)
