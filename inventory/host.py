"""A declared host: what a person knows of a machine before it has said anything itself."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Firmware(StrEnum):
    """What starts the machine; it decides which network boot program it can run."""

    BIOS = "bios"
    UEFI = "uefi"


class NicModel(StrEnum):
    """The network card a rehearsal gives the machine; real machines report their own driver."""

    VIRTIO = "virtio"
    E1000 = "e1000"


@dataclass(frozen=True)
class Nic:
    """One network card. The first of a host is the one it boots from. `network` names a declared
    Network; None means the site's only one."""

    mac: str
    network: str | None = None
    model: NicModel = NicModel.VIRTIO
    speed_mbps: int | None = None


@dataclass(frozen=True)
class Disk:
    """A disk the host is declared to have; `size_gib` is what a rehearsal makes."""

    size_gib: int = 20
    serial: str | None = None
    wwn: str | None = None
    rotational: bool = False


@dataclass(frozen=True)
class AnyBlank:
    """Install on the first disk without label, partition or filesystem, in size order, smallest first."""

    min_gib: int = 8


@dataclass(frozen=True)
class DiskBySerial:
    """Install on the disk with this serial number; data on it is lost."""

    serial: str


@dataclass(frozen=True)
class DiskByWwn:
    """Install on the disk with this World Wide Name; data on it is lost."""

    wwn: str


@dataclass(frozen=True)
class MayWipe:
    """Install on the first disk that fits, in size order, whatever is on it; data on it is lost."""

    min_gib: int = 8


InstallDisk = AnyBlank | DiskBySerial | DiskByWwn | MayWipe


@dataclass(frozen=True)
class WakeOnLan:
    """Powered on by a magic packet to its first NIC; off only by its own operating system."""


@dataclass(frozen=True)
class OperatorAtTheRack:
    """Powered on by a person, who is asked to press the button."""


Bmc = WakeOnLan | OperatorAtTheRack


@dataclass(frozen=True)
class MatchRule:
    """A host that is any machine of this kind, instead of one known by MAC, serial or UUID."""

    min_nics: int = 1
    min_memory_gib: int = 0
    min_disks: int = 0
    min_cpus: int = 0
    firmware: Firmware | None = None
    rehearse_as: RehearsedMachine | None = None


@dataclass(frozen=True)
class RehearsedMachine:
    """The virtual machine that stands for a host known only by rule."""

    nics: int = 1
    memory_gib: int = 2
    disk_gib: int = 20
    cpus: int = 1


@dataclass(frozen=True)
class Host:
    """A host of the site. It is recognised by the MAC of any NIC, by `serial`, by `system_uuid`, or by
    `match`. `address` is its reservation on the network of its first NIC. `cpus` and `memory_gib` are
    what it is declared to have (a rehearsal gives it that, up to the lab's limits)."""

    name: str
    nics: tuple[Nic, ...] | list[Nic] = ()
    address: str | None = None
    firmware: Firmware = Firmware.UEFI
    disks: tuple[Disk, ...] | list[Disk] = (Disk(),)
    install_on: InstallDisk | None = None
    cpus: int | None = None
    memory_gib: int | None = None
    serial: str | None = None
    system_uuid: str | None = None
    bmc: Bmc = OperatorAtTheRack()
    match: MatchRule | None = None
    rack: str | None = None
    bay: str | None = None
