"""A declared host: what a person knows of a machine before it has said anything itself."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from enum import StrEnum
from typing import Literal

from inventory.declared import Declared
from inventory.tuples import freeze


class Firmware(StrEnum):
    """What starts the machine; it decides which network boot program it can run."""

    BIOS = "bios"
    UEFI = "uefi"


BIOS = Firmware.BIOS
UEFI = Firmware.UEFI


class NicModel(StrEnum):
    """The network card a rehearsal gives the machine; real machines report their own driver."""

    VIRTIO = "virtio"
    E1000 = "e1000"


@dataclass(frozen=True)
class Nic(Declared):
    """One network card. The first of a host is the one it boots from. `network` names a declared
    Network; None means the site's only one."""

    mac: str
    network: str | None = None
    model: NicModel = NicModel.VIRTIO
    speed_mbps: int | None = None


@dataclass(frozen=True)
class Disk(Declared):
    """A disk the host is declared to have; `size_gib` is what a rehearsal makes."""

    size_gib: int = 20
    serial: str | None = None
    wwn: str | None = None
    rotational: bool = False


@dataclass(frozen=True)
class AnyBlank(Declared):
    """Install on the smallest blank disk: without label, partition, filesystem or other data where such
    begin. One of which only the labels were wiped is not."""

    min_gib: int = 8
    _: KW_ONLY
    kind: Literal["any-blank"] = "any-blank"


@dataclass(frozen=True)
class DiskBySerial(Declared):
    """Install on the disk with this serial number; data on it is lost."""

    serial: str
    _: KW_ONLY
    kind: Literal["serial"] = "serial"


@dataclass(frozen=True)
class DiskByWwn(Declared):
    """Install on the disk with this World Wide Name; data on it is lost."""

    wwn: str
    _: KW_ONLY
    kind: Literal["wwn"] = "wwn"


@dataclass(frozen=True)
class MayWipe(Declared):
    """Install on the first disk that fits, in size order, whatever is on it; data on it is lost."""

    min_gib: int = 8
    _: KW_ONLY
    kind: Literal["may-wipe"] = "may-wipe"


InstallDisk = AnyBlank | DiskBySerial | DiskByWwn | MayWipe


@dataclass(frozen=True)
class WakeOnLan(Declared):
    """Powered on by a magic packet to its first NIC; off only by its own operating system."""

    _: KW_ONLY
    kind: Literal["wake-on-lan"] = "wake-on-lan"


@dataclass(frozen=True)
class OperatorAtTheRack(Declared):
    """Powered on by a person, who is asked to press the button."""

    _: KW_ONLY
    kind: Literal["operator"] = "operator"


Bmc = WakeOnLan | OperatorAtTheRack


@dataclass(frozen=True)
class MatchRule(Declared):
    """A host that is any machine of this kind, instead of one known by MAC, serial or UUID."""

    min_nics: int = 1
    min_memory_gib: int = 0
    min_disks: int = 0
    min_cpus: int = 0
    firmware: Firmware | None = None
    rehearse_as: RehearsedMachine | None = None


@dataclass(frozen=True)
class RehearsedMachine(Declared):
    """The virtual machine that stands for a host known only by rule."""

    nics: int = 1
    memory_gib: int = 2
    disk_gib: int = 20
    cpus: int = 1


@dataclass(frozen=True)
class RelayPort(Declared):
    """The switch port that a host is plugged into, as a switch or relay names it in DHCP option 82 (RFC
    3046): text, or bytes as pairs of hex digits between colons. Without `remote_id` any switch's."""

    circuit_id: str
    remote_id: str | None = None


@dataclass(frozen=True)
class Host(Declared):
    """A host of the site, recognised by the MAC of any NIC, by `serial`, by `system_uuid`, or by
    `match`. `address` is its reservation on the network of its first NIC. `cpus` and `memory_gib`
    are what it is declared to have (a rehearsal gives it that, up to the lab's limits).

    DHCP gives `address` to the MAC of its first NIC; else to who says its `client_id` (option 61, written
    as a RelayPort's ids are), or has its `system_uuid`, or is plugged in at its `relay_port`: a machine
    put in the place of a broken one has the address, and nothing else, before anybody approves it.

    `netboot=False`: whatever its firmware tries, it gets addresses and names and nothing to boot."""

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
    client_id: str | None = None
    relay_port: RelayPort | None = None
    netboot: bool = True

    def __post_init__(self) -> None:
        freeze(self, "nics", "disks")

    @property
    def boot_nic(self) -> Nic | None:
        """The card it boots from; None for a host known by serial, UUID or rule alone."""
        return self.nics[0] if self.nics else None
