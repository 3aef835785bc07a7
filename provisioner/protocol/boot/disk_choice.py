"""Which disk of a machine is written: the one place where somebody's data could be lost.

The rules:
- A disk that holds anything is taken only when the declaration names it (serial, WWN), says that disks
  may be wiped, or when this machine's own committed order has begun to write it, known by serial or WWN.
- A disk that another machine's order names is taken only when the declaration names it too: both
  machines may see one disk of a storage network. Only a WWN proves that: disks of virtual machines and
  cheap ones have the serials of their kind.
- Among several, the smallest: data disks are bigger than system disks.
- Whatever is not certain is refused, with what was seen of every disk.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from inventory.host import AnyBlank, DiskBySerial, DiskByWwn, InstallDisk, MayWipe
from provisioner.agent.messages import DiskReport, plain_wwn
from provisioner.protocol.boot.machine import InstallOrder

GIB = 2**30

_REMEDY = (
    'to use one: install_on=DiskBySerial("…"), DiskByWwn("…") or MayWipe(), or make all of it blank'
    " (blkdiscard --zeroout)"
)


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
    rule: InstallDisk | None,
    disks: Sequence[DiskReport],
    own: DiskReport | None,
    others: Sequence[InstallOrder] = (),
) -> Chosen | NoDisk:
    """The disk to write. `own` is the disk whose content this machine's own order has begun to write,
    if any; `others` are the orders of other machines."""
    match rule:
        case None:
            return NoDisk(
                "the declaration doesn't say which disk may be installed on (install_on=…)"
            )
        case DiskBySerial(serial):
            found = [disk for disk in disks if serial and disk.serial == serial]
            return _only(found, f"serial {serial}", disks)
        case DiskByWwn(wwn):
            found = [disk for disk in disks if wwn and plain_wwn(disk.wwn) == plain_wwn(wwn)]
            return _only(found, f"WWN {wwn}", disks)
        case MayWipe(min_gib):
            free = _free(disks, others)
            fitting = _own(free, own) or _fitting(free, min_gib)
            if fitting:
                return Chosen(fitting[0], must_be_blank=False)
            return NoDisk(f"no disk has {min_gib} GiB: {_described(disks, others)}")
        case AnyBlank(min_gib):
            return _blank(disks, min_gib, own, others)
        case _:
            assert_never(rule)


def _blank(
    disks: Sequence[DiskReport],
    min_gib: int,
    own: DiskReport | None,
    others: Sequence[InstallOrder],
) -> Chosen | NoDisk:
    free = _free(disks, others)
    known = _own(free, own)
    if known:
        return Chosen(known[0], must_be_blank=False)
    blank = [disk for disk in _fitting(free, min_gib) if not disk.content]
    if blank:
        return Chosen(blank[0], must_be_blank=True)
    refused = f"no disk of {min_gib} GiB or more is blank: {_described(disks, others)}"
    return NoDisk(f"{refused}; {_REMEDY}" if _fitting(disks, min_gib) else refused)


def _free(disks: Sequence[DiskReport], others: Sequence[InstallOrder]) -> list[DiskReport]:
    """The disks that no other machine's order names."""
    return [disk for disk in disks if order_of(disk, others) is None]


def order_of(disk: DiskReport, orders: Sequence[InstallOrder]) -> InstallOrder | None:
    """The other machine's order that names this very disk, by its WWN."""
    wwn, size = disk.telling_wwn, disk.size
    named = (one for one in orders if (one.disk.telling_wwn, one.disk.size) == (wwn, size))
    return next(named, None) if wwn else None


def _fitting(disks: Sequence[DiskReport], min_gib: int) -> list[DiskReport]:
    """The disks that are big enough, smallest first."""
    fitting = [disk for disk in disks if disk.size >= min_gib * GIB]
    return sorted(fitting, key=lambda disk: (disk.size, disk.name))


def _own(disks: Sequence[DiskReport], own: DiskReport | None) -> list[DiskReport]:
    """The disk that our own order has begun to write, if the machine still has exactly one such."""
    if own is None or own.is_nameless:
        return []
    found = [disk for disk in disks if disk.is_same_disk(own)]
    return found if len(found) == 1 else []


def _only(found: list[DiskReport], wanted: str, disks: Sequence[DiskReport]) -> Chosen | NoDisk:
    if len(found) == 1:
        return Chosen(found[0], must_be_blank=False)
    if found:
        names = ", ".join(disk.name for disk in found)
        return NoDisk(f"several disks have {wanted}: {names}")
    return NoDisk(f"no disk has {wanted}: {_described(disks)}")


def _described(disks: Sequence[DiskReport], others: Sequence[InstallOrder] = ()) -> str:
    if not disks:
        return "the machine reports no disk at all"
    return "; ".join(_describe(disk, order_of(disk, others)) for disk in disks)


def _describe(disk: DiskReport, other: InstallOrder | None) -> str:
    holds = ", ".join(disk.content) or "nothing"
    serial = f" serial {disk.serial}" if disk.serial else ""
    words = f"{disk.name} ({disk.size / GIB:.1f} GiB{serial}) holds {holds}"
    return words if other is None else f"{words} and is the disk of {other.host} ({other.mac})"
