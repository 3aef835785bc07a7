"""The disks of the machine, out of /sys/block, and what is on them.

Fixed disks only: no CD drives, no removable media (USB sticks, a BMC's virtual media), no RAM disks.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from provisioner.agent.messages import DiskReport
from provisioner.agent.signatures import ReadAt, probe
from provisioner.agent.sysfs import read_text

SECTOR = 512
NOT_DISKS = ("loop", "ram", "zram", "sr", "fd", "dm-", "md", "nbd", "mtdblock")


def read_disks(sys: Path, dev: Path) -> tuple[DiskReport, ...]:
    """Every fixed disk, by name, with its content read from the device itself."""
    names = sorted(path.name for path in (sys / "block").iterdir())
    return tuple(
        read_disk(sys / "block" / name, dev / name)
        for name in names
        if not name.startswith(NOT_DISKS) and _is_fixed(sys / "block" / name)
    )


def read_disk(block: Path, device: Path) -> DiskReport:
    """One disk: `block` is its folder in /sys/block, `device` its node."""
    size = int(read_text(block / "size") or "0") * SECTOR
    return DiskReport(
        name=block.name,
        size=size,
        model=read_text(block / "device" / "model"),
        serial=_serial(block),
        wwn=_wwn(block),
        rotational=read_text(block / "queue" / "rotational") == "1",
        content=tuple(_content(block, device, size)),
    )


def _is_fixed(block: Path) -> bool:
    return read_text(block / "removable") != "1" and read_text(block / "size") not in ("", "0")


def _serial(block: Path) -> str:
    """virtio tells it on the disk, NVMe and MMC on the device, SCSI and ATA in VPD page 0x80."""
    for place in (block / "serial", block / "device" / "serial"):
        if serial := read_text(place):
            return serial
    try:
        page = (block / "device" / "vpd_pg80").read_bytes()
    except OSError:
        return ""
    return page[4:].decode("ascii", "replace").strip(" \0")


def _wwn(block: Path) -> str:
    """A World Wide Name as the kernel writes it (`naa.…`, `eui.…`), empty for made-up ones (`t10.…`)."""
    for place in (block / "wwid", block / "device" / "wwid"):
        name = read_text(place)
        if name.startswith(("naa.", "eui.")):
            return name
    return ""


def _content(block: Path, device: Path, size: int) -> Iterator[str]:
    """What is known without reading first; a disk that can't be read is not blank."""
    if read_text(block / "ro") == "1":
        yield "write protection"
    holders = block / "holders"
    if holders.is_dir():
        yield from (f"held by {holder.name}" for holder in sorted(holders.iterdir()))
    try:
        yield from _read_content(block, device, size)
    except OSError as error:
        yield f"something unreadable ({error.strerror})"


def _read_content(block: Path, device: Path, size: int) -> Iterator[str]:
    descriptor = os.open(device, os.O_RDONLY | os.O_CLOEXEC)
    try:
        yield from probe(_reader(descriptor, 0), size)
        for partition in sorted(block.glob(f"{block.name}*/start")):
            yield from _partition(partition.parent, descriptor)
    finally:
        os.close(descriptor)


def _partition(folder: Path, descriptor: int) -> Iterator[str]:
    start = int(read_text(folder / "start")) * SECTOR
    size = int(read_text(folder / "size")) * SECTOR
    found = probe(_reader(descriptor, start), size) or ("nothing",)
    yield f"partition {folder.name}: {', '.join(found)}"


def _reader(descriptor: int, start: int) -> ReadAt:
    def read_at(offset: int, length: int) -> bytes:
        parts: list[bytes] = []
        while length > 0:
            part = os.pread(descriptor, length, start + offset)
            if not part:
                break
            parts.append(part)
            offset += len(part)
            length -= len(part)
        return b"".join(parts)

    return read_at
