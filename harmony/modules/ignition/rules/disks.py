"""Partitions, arrays, file systems and encrypted volumes."""

from __future__ import annotations

import re

from harmony.modules.ignition.rules.finding import Findings
from harmony.modules.ignition.rules.path_form import path_problem
from harmony.modules.ignition.spec.disks import Disk, Filesystem, Partition, Raid
from harmony.modules.ignition.spec.part import Part

_GUID = re.compile(r"|[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_STRIPED = ("linear", "raid0", "0", "stripe")
_REDUNDANT = ("raid1", "1", "mirror", "raid4", "4", "raid5", "5", "raid6", "6", "raid10", "10")
# The longest label in bytes that each format takes; `none` formats nothing.
_LABEL = {"ext4": 16, "btrfs": 256, "xfs": 12, "swap": 15, "vfat": 11, "none": None}
_LONGEST_PARTITION_LABEL = 36


def findings(part: Part) -> Findings:
    match part:
        case Disk():
            yield from _disk(part)
        case Partition():
            yield from _partition(part)
        case Raid():
            yield from _raid(part)
        case Filesystem():
            yield from _filesystem(part)
        case _:
            pass


def _disk(disk: Disk) -> Findings:
    if wrong := path_problem(disk.device):
        yield ("device",), wrong
    numbers: set[int] = set()
    labels: set[str] = set()
    for index, partition in enumerate(disk.partitions):
        if partition.number in numbers:
            yield ("partitions", index, "number"), "is another partition's too"
        if partition.label in labels:
            yield ("partitions", index, "label"), "is another partition's too"
        numbers |= {partition.number} if partition.number else set()
        labels |= {partition.label} if partition.label is not None else set()
    yield from _overlaps(disk)
    # Engines took the two together only in 2026 (coreos/ignition#2234).
    if any(one.shouldExist is False for one in disk.partitions):
        for index, one in enumerate(disk.partitions):
            if not one.number:
                yield ("partitions", index, "number"), "is required while another is deleted"


def _overlaps(disk: Disk) -> Findings:
    """A start of 0 is where the largest gap is, which nobody knows before."""
    held: list[tuple[int, int]] = []
    for index, one in enumerate(disk.partitions):
        if not one.startMiB or one.sizeMiB is None:
            continue
        last = one.startMiB + one.sizeMiB - 1 if one.sizeMiB else one.startMiB
        if any(one.startMiB <= end and start <= last for start, end in held):
            yield ("partitions", index), "overlaps another partition"
        held.append((one.startMiB, last))


def _partition(partition: Partition) -> Findings:
    described = (partition.typeGuid, partition.guid)
    placed = (partition.label, partition.startMiB, partition.sizeMiB)
    if partition.shouldExist is False and (any(described) or placed != (None, None, None)):
        yield ("shouldExist",), "is false, and yet the partition is described"
    if not partition.number and partition.label is None:
        yield (), "has neither a number nor a label"
    label = partition.label or ""
    if len(label.encode()) > _LONGEST_PARTITION_LABEL or ":" in label:
        yield ("label",), f"is longer than {_LONGEST_PARTITION_LABEL} bytes or has a colon"
    for field, guid in (("guid", partition.guid), ("typeGuid", partition.typeGuid)):
        if guid is not None and not _GUID.fullmatch(guid):
            yield (field,), "is not a GUID"


def _raid(raid: Raid) -> Findings:
    if raid.level not in (*_STRIPED, *_REDUNDANT):
        yield ("level",), "is not a RAID level (linear, raid0, raid1, raid4, raid5, raid6, raid10)"
    if raid.level in _STRIPED and raid.spares:
        yield ("spares",), "can't be used at this level"
    if not raid.devices:
        yield ("devices",), "is required"
    for index, device in enumerate(raid.devices):
        if wrong := path_problem(device):
            yield ("devices", index), wrong


def _filesystem(filesystem: Filesystem) -> Findings:
    for field, path in (("device", filesystem.device), ("path", filesystem.path or "/")):
        if wrong := path_problem(path):
            yield (field,), wrong
    if filesystem.format and filesystem.format not in _LABEL:
        yield ("format",), f"is not one of {', '.join(_LABEL)}"
    elif not filesystem.format and _says_more(filesystem):
        yield ("format",), "is required beside what else is said of the file system"
    longest = _LABEL.get(filesystem.format or "")
    if longest and len((filesystem.label or "").encode()) > longest:
        yield ("label",), f"is longer than the {longest} bytes that {filesystem.format} has for it"


def _says_more(filesystem: Filesystem) -> bool:
    named = (filesystem.path, filesystem.label, filesystem.uuid, filesystem.wipeFilesystem)
    return any(named) or bool(filesystem.mountOptions or filesystem.options)
