"""The partitions in an image's first MiB: a GUID Partition Table (UEFI specification, 5.3)."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from provisioner.agent.errors import AgentError

SECTOR = 512
MOST_ENTRIES = 1024


class MalformedTable(AgentError):
    """There is no GPT, or none that can be used."""


@dataclass(frozen=True, slots=True)
class Partition:
    """`start` and `length` in bytes; `number` as the kernel counts, from 1."""

    number: int
    start: int
    length: int


def read_partitions(head: bytes) -> tuple[Partition, ...]:
    """The partitions of the GPT in `head`, the first MiB of a disk with sectors of 512 bytes.

    Raises:
        MalformedTable: there is none.
    """
    header = head[SECTOR : 2 * SECTOR]
    if header[:8] != b"EFI PART":
        raise MalformedTable("the image has no GUID partition table")
    first_lba, count, entry_size = struct.unpack_from("<QII", header, 72)
    end = first_lba * SECTOR + count * entry_size
    if count > MOST_ENTRIES or entry_size < 128 or end > len(head):
        raise MalformedTable(f"{count} partition entries of {entry_size} bytes at {first_lba}")
    found: list[Partition] = []
    for index in range(count):
        at = first_lba * SECTOR + index * entry_size
        kind, first, last = struct.unpack_from("<16s16xQQ", head, at)
        if any(kind):
            length = (last - first + 1) * SECTOR
            found.append(Partition(index + 1, first * SECTOR, length))
    return tuple(found)
