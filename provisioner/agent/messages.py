"""What the agent on a machine and the daemon say to each other: plain dataclasses, JSON on the wire.

The agent builds and reads them with the standard library alone; the daemon validates them as they are.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

UNKNOWN_DATA = "unrecognised data"


@dataclass(frozen=True, slots=True)
class NicReport:
    """`speed_mbps` is None where the driver doesn't say; `link` is carrier."""

    name: str
    mac: str
    driver: str
    link: bool
    speed_mbps: int | None = None


@dataclass(frozen=True, slots=True)
class DiskReport:
    """`size` in bytes. `content` names every label, partition and filesystem found, or is UNKNOWN_DATA;
    empty is blank."""

    name: str
    size: int
    model: str = ""
    serial: str = ""
    wwn: str = ""
    rotational: bool = False
    content: tuple[str, ...] = ()

    @property
    def telling_wwn(self) -> str:
        """Its WWN without the prefixes that tools put before it; empty if it is nothing but zeros."""
        return _telling(plain_wwn(self.wwn))

    @property
    def is_nameless(self) -> bool:
        """Whether neither serial nor WWN tells it from others of its kind; cheap adapters have zeros."""
        return not (_telling(self.serial) or self.telling_wwn)

    def is_same_disk(self, other: DiskReport) -> bool:
        """Whether both reports of one machine are of one disk.

        Different WWNs are different disks, also with one serial: that of the RAID controller. Names such
        as `sda` may change from boot to boot, so they count only where there is nothing else.
        """
        if self.size != other.size:
            return False
        if self.telling_wwn and other.telling_wwn and self.telling_wwn != other.telling_wwn:
            return False
        if _telling(self.serial) or _telling(other.serial):
            return self.serial == other.serial
        if self.telling_wwn or other.telling_wwn:
            return self.telling_wwn == other.telling_wwn
        return (self.name, self.model) == (other.name, other.model)


def plain_wwn(wwn: str) -> str:
    """A WWN without the prefixes that tools put before it (`0x`, `naa.`, `eui.`)."""
    return wwn.lower().removeprefix("0x").removeprefix("naa.").removeprefix("eui.")


def _telling(name: str) -> str:
    """The name, unless it is nothing but zeros."""
    return name if name.strip("0") else ""


@dataclass(frozen=True, slots=True)
class HardwareReport:
    """`boot_mac` is the NIC the machine was booted from; `memory` in bytes; `clock_offset` is how many
    seconds the machine's clock was ahead of the daemon's when it arrived (set right if over 2)."""

    boot_mac: str
    system_uuid: str
    serial: str
    vendor: str
    product: str
    firmware: Literal["bios", "uefi"]
    cpus: int
    cpu_model: str
    memory: int
    nics: tuple[NicReport, ...]
    disks: tuple[DiskReport, ...]
    clock_offset: float = 0.0


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing to do yet; `reason` is for the console; ask again after `retry_after` seconds."""

    reason: str
    retry_after: float = 2.0
    kind: Literal["wait"] = "wait"


@dataclass(frozen=True, slots=True)
class Install:
    """Write `image_url` to the disk, and the Ignition config beside it. Digests are sha256, in hex.

    The disk is named by what the machine itself reported of it. With `must_be_blank` the agent looks
    again and refuses a disk that holds anything. `ignition_sha256` is of the config as fetched.
    `image_size` (bytes) and `image_sha256` are of the file as served, which is an image in chunks
    (image_stream.py).
    `report_url` and `report_token` are what the installed system's first boot reports to.
    """

    order: str
    disk: DiskReport
    must_be_blank: bool
    image_url: str
    image_sha256: str
    image_size: int
    ignition_url: str
    ignition_sha256: str
    report_url: str
    report_token: str
    arguments: str = ""
    kind: Literal["install"] = "install"


@dataclass(frozen=True, slots=True)
class Reboot:
    """Start again: the installed disk's turn."""

    reason: str
    kind: Literal["reboot"] = "reboot"


Order = Wait | Install | Reboot


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the order has come: `done` and `total` in bytes."""

    order: str
    phase: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Begun:
    """The disk was found as the order wants it; the agent writes as soon as this is committed: from then
    on what the disk holds is our own."""

    order: str


@dataclass(frozen=True, slots=True)
class Written:
    """The image is on the disk and its first blocks were read back and verified."""

    order: str
    disk: DiskReport


@dataclass(frozen=True, slots=True)
class Failed:
    """The order could not be carried out; `evidence` is what an operator needs to see."""

    order: str
    reason: str
    evidence: tuple[str, ...] = field(default_factory=tuple)
