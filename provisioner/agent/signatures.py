"""What a disk or partition holds, told by the magic numbers that file systems and labels put there.

A table and a loop over it; libblkid is not in the ramdisk. Offsets are in bytes, from the start or (if
negative) from the end of the device. Sources: the kernel's headers of each file system, libblkid's
superblocks/*.c. What is there but known to nobody is told too: it may be somebody's data, as that of
a disk whose partition tables were erased.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from provisioner.agent.messages import UNKNOWN_DATA

MIB = 1 << 20
START_BYTES = 2 * MIB
END_BYTES = MIB
SAMPLE_BYTES = 64 * 1024
ReadAt = Callable[[int, int], bytes]


@dataclass(frozen=True, slots=True)
class Signature:
    """`magic` at one of `offsets` means `name`."""

    name: str
    magic: bytes
    offsets: tuple[int, ...]


SIGNATURES = (
    Signature("ext2/3/4 file system", b"\x53\xef", (0x438,)),
    Signature("XFS file system", b"XFSB", (0,)),
    Signature("Btrfs file system", b"_BHRfS_M", (0x10040,)),
    Signature("FAT file system", b"FAT12   ", (0x36,)),
    Signature("FAT file system", b"FAT16   ", (0x36,)),
    Signature("FAT file system", b"FAT32   ", (0x52,)),
    Signature("exFAT file system", b"EXFAT   ", (3,)),
    Signature("NTFS file system", b"NTFS    ", (3,)),
    Signature("BitLocker volume", b"-FVE-FS-", (3,)),
    Signature("ReFS file system", b"ReFS\0\0\0\0", (3,)),
    Signature("ISO 9660 file system", b"CD001", (0x8001,)),
    Signature("UDF file system", b"BEA01", (0x8001,)),
    Signature("F2FS file system", b"\x10\x20\xf5\xf2", (1024,)),
    Signature("EROFS file system", b"\xe2\xe1\xf5\xe0", (1024,)),
    Signature("NILFS2 file system", b"\x34\x34", (0x406,)),
    Signature("HFS+ file system", b"H+\0\x04", (1024,)),
    Signature("HFSX file system", b"HX\0\x05", (1024,)),
    Signature("APFS container", b"NXSB", (32,)),
    Signature("SquashFS file system", b"hsqs", (0,)),
    Signature("ReiserFS file system", b"ReIsEr", (0x10034, 0x2034)),
    Signature("JFS file system", b"JFS1", (0x8000,)),
    Signature("GFS2 file system", b"\x01\x16\x19\x70", (0x10000,)),
    Signature("OCFS2 file system", b"OCFSV2", (0x400, 0x800, 0x1000, 0x2000)),
    Signature("VMFS volume", b"\x0d\xd0\x01\xc0", (0x100000,)),
    Signature("swap space", b"SWAPSPACE2", (4086, 65526)),
    Signature("swap space", b"SWAP-SPACE", (4086, 65526)),
    Signature("suspended system", b"S1SUSPEND", (4086, 65526)),
    Signature("LUKS encrypted volume", b"LUKS\xba\xbe", (0,)),
    Signature(
        "LUKS encrypted volume (second header)",
        b"SKUL\xba\xbe",
        (0x4000, 0x8000, 0x10000, 0x20000, 0x40000, 0x80000, 0x100000),
    ),
    Signature("LVM physical volume", b"LABELONE", (0, 512, 1024, 1536)),
    Signature("Linux RAID member", b"\xfc\x4e\x2b\xa9", (0, 4096)),
    Signature("Ceph BlueStore OSD", b"bluestore block device", (0,)),
    Signature("bcache device", bytes.fromhex("c68573f64e1a45ca8265f57f48ba6d81"), (4120,)),
    Signature("VDO volume", b"dmvdo001", (0,)),
    Signature("Stratis device", b"!Stra0tis\x86\xff\x02^\x41rh", (516, 4612)),
    Signature("Oracle ASM disk", b"ORCLDISK", (32,)),
    Signature("GPT partition table", b"EFI PART", (512, 4096)),
    Signature("GPT partition table (backup)", b"EFI PART", (-512, -4096)),
    Signature("DDF RAID member", b"\xde\x11\xde\x11", (-512,)),
    Signature("DDF RAID member", b"\x11\xde\x11\xde", (-512,)),
    Signature("Intel RAID member", b"Intel Raid ISM Cfg Sig. ", (-1024, -8192)),
)

ZFS_UBERBLOCK = b"\x0c\xb1\xba\x00\x00\x00\x00\x00"
MD_MAGIC = b"\xfc\x4e\x2b\xa9"


def probe(read_at: ReadAt, size: int) -> tuple[str, ...]:
    """The names of everything found on a device of `size` bytes; empty means blank.

    `read_at(offset, length)` returns what is there. Only the first 2 MiB, the last and, where these tell
    nothing, some samples are read.
    """
    start = read_at(0, min(START_BYTES, size))
    end_length = min(END_BYTES, size)
    end = read_at(size - end_length, end_length)
    found = [signature.name for signature in SIGNATURES if _is_there(signature, start, end)]
    found += _mbr(start)
    found += _zfs(start)
    found += _raid_at_end(end, size)
    if not found and (_is_data(start) or _is_data(end) or _has_data_between(read_at, size)):
        found.append(UNKNOWN_DATA)
    return tuple(dict.fromkeys(found))


def _is_data(content: bytes) -> bool:
    """Erased flash reads as zeros or as ones."""
    return len(content) not in (content.count(0), content.count(0xFF))


def _has_data_between(read_at: ReadAt, size: int) -> bool:
    """Whether there is anything at any power of two of MiB, or 1 MiB after.

    There begin file systems and their spare superblocks (ext4's at 128 MiB, Btrfs's at 64 MiB), also in
    a first partition at 1 MiB, and Windows' data behind the 16 or 128 MiB that it reserves.
    """
    place = START_BYTES
    while place < size:
        for at in (place, place + MIB):
            if _is_data(read_at(at, min(SAMPLE_BYTES, max(0, size - at)))):
                return True
        place *= 2
    return False


def _is_there(signature: Signature, start: bytes, end: bytes) -> bool:
    magic = signature.magic
    for offset in signature.offsets:
        area, place = (start, offset) if offset >= 0 else (end, len(end) + offset)
        if place >= 0 and area[place : place + len(magic)] == magic:
            return True
    return False


def _mbr(start: bytes) -> Iterator[str]:
    """Four entries of 16 bytes at 446: status 0 or 0x80 each, and one at least has type and sectors.

    A boot sector of a file system ends in 55 AA too, but has no such table.
    """
    if start[510:512] != b"\x55\xaa":
        return
    entries = [start[at : at + 16] for at in range(446, 510, 16)]
    if all(entry[0] in (0, 0x80) for entry in entries) and any(
        entry[4] and any(entry[12:16]) for entry in entries
    ):
        yield "MBR partition table"


def _zfs(start: bytes) -> Iterator[str]:
    """Uberblocks, every KiB in the second half of the label's 256 KiB, in either byte order."""
    for at in range(128 * 1024, 256 * 1024, 1024):
        magic = start[at : at + 8]
        if magic in (ZFS_UBERBLOCK, ZFS_UBERBLOCK[::-1]):
            yield "ZFS pool member"
            return


def _raid_at_end(end: bytes, size: int) -> Iterator[str]:
    """Linux RAID keeps metadata 1.0 8 to 12 KiB before the end, 0.90 in the last whole 64 KiB block."""
    first = size - len(end)
    places = (((size // 512 - 16) & ~7) * 512, (size & ~0xFFFF) - 0x10000)
    for place in places:
        at = place - first
        if at >= 0 and end[at : at + 4] in (MD_MAGIC, MD_MAGIC[::-1]):
            yield "Linux RAID member"
