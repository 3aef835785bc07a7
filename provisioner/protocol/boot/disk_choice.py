"""Which disk of a machine is written: the one place where somebody's data could be lost.

The rules:
- A disk that holds anything is taken only when the declaration names it (serial, WWN), says that disks
  may be wiped, or when this machine's own committed order names it by serial or WWN.
- Among several, the smallest: data disks are bigger than system disks.
- Whatever is not certain is refused, with what was seen of every disk.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from inventory.host import AnyBlank, DiskBySerial, DiskByWwn, InstallDisk, MayWipe
from provisioner.agent.messages import DiskReport

GIB = 2**30


@dataclass(frozen=True, slots=True)
class Chosen:
    """`must_be_blank`: the agent looks again just before it writes, and refuses if it isn't."""

    disk: DiskReport
    must_be_blank: bool


@dataclass(frozen=True, slots=True)
class NoDisk:
    """No disk may be written; `reason` is for the operator."""

    reason: str


def choose(
    rule: InstallDisk | None, disks: Sequence[DiskReport], ordered: DiskReport | None
) -> Chosen | NoDisk:
    """The disk to write. `ordered` is the disk of this machine's own last committed order, if any."""
    match rule:
        case None:
            return NoDisk(
                "the declaration doesn't say which disk may be installed on (install_on=…)"
            )
        case DiskBySerial(serial):
            found = [disk for disk in disks if serial and disk.serial == serial]
            return _only(found, f"serial {serial}", disks)
        case DiskByWwn(wwn):
            found = [disk for disk in disks if wwn and _plain_wwn(disk.wwn) == _plain_wwn(wwn)]
            return _only(found, f"WWN {wwn}", disks)
        case MayWipe(min_gib):
            fitting = _own(disks, ordered) or _fitting(disks, min_gib)
            if fitting:
                return Chosen(fitting[0], must_be_blank=False)
            return NoDisk(f"no disk has {min_gib} GiB: {_described(disks)}")
        case AnyBlank(min_gib):
            return _blank(disks, min_gib, ordered)
        case _:
            assert_never(rule)


def _blank(
    disks: Sequence[DiskReport], min_gib: int, ordered: DiskReport | None
) -> Chosen | NoDisk:
    own = _own(disks, ordered)
    if own:
        return Chosen(own[0], must_be_blank=False)
    blank = [disk for disk in _fitting(disks, min_gib) if not disk.content]
    if blank:
        return Chosen(blank[0], must_be_blank=True)
    return NoDisk(f"no disk of {min_gib} GiB or more is blank: {_described(disks)}")


def _fitting(disks: Sequence[DiskReport], min_gib: int) -> list[DiskReport]:
    """The disks that are big enough, smallest first."""
    fitting = [disk for disk in disks if disk.size >= min_gib * GIB]
    return sorted(fitting, key=lambda disk: (disk.size, disk.name))


def _own(disks: Sequence[DiskReport], ordered: DiskReport | None) -> list[DiskReport]:
    """The disk that our own order named, if the machine still has exactly one such."""
    if ordered is None:
        return []
    own = [disk for disk in disks if same_disk(disk, ordered)]
    return own if len(own) == 1 else []


def same_disk(one: DiskReport, other: DiskReport) -> bool:
    """Whether both reports are of one disk, by serial or WWN; names such as `sda` prove nothing."""
    if one.serial or other.serial:
        return one.serial == other.serial
    return bool(one.wwn) and _plain_wwn(one.wwn) == _plain_wwn(other.wwn)


def _only(found: list[DiskReport], wanted: str, disks: Sequence[DiskReport]) -> Chosen | NoDisk:
    if len(found) == 1:
        return Chosen(found[0], must_be_blank=False)
    if found:
        names = ", ".join(disk.name for disk in found)
        return NoDisk(f"several disks have {wanted}: {names}")
    return NoDisk(f"no disk has {wanted}: {_described(disks)}")


def _plain_wwn(wwn: str) -> str:
    """A WWN without the prefixes that tools put before it (`0x`, `naa.`, `eui.`)."""
    return wwn.lower().removeprefix("0x").removeprefix("naa.").removeprefix("eui.")


def _described(disks: Sequence[DiskReport]) -> str:
    if not disks:
        return "the machine reports no disk at all"
    return "; ".join(_describe(disk) for disk in disks)


def _describe(disk: DiskReport) -> str:
    holds = ", ".join(disk.content) or "nothing"
    serial = f" serial {disk.serial}" if disk.serial else ""
    return f"{disk.name} ({disk.size / GIB:.1f} GiB{serial}) holds {holds}"
