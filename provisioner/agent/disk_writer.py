"""A disk as the installer sees it, and the disk the kernel gives.

Writes go past the page cache (O_DIRECT): in an emulated machine that is twenty times as fast, and what
is read back comes from the disk and not from memory. So buffers, offsets and lengths are aligned.
"""

from __future__ import annotations

import array
import errno
import fcntl
import mmap
import os
import struct
from pathlib import Path
from typing import Protocol, Self

from provisioner.agent.errors import InstallFailed

BLKRRPART = 0x125F
BLKGETSIZE64 = 0x80081272
BLKSSZGET = 0x1268
BLKZEROOUT = 0x127F
BLKPG = 0x1269
BLKPG_ADD_PARTITION = 1
BLKPG_DEL_PARTITION = 2
BLKPG_PARTITION_BYTES = 152
MIB = 1 << 20


def aligned_copy(content: bytes | memoryview) -> memoryview:
    """A copy that begins at a page of memory, as O_DIRECT wants it."""
    memory = mmap.mmap(-1, len(content))
    memory[:] = bytes(content)
    return memoryview(memory)


def partition_node(device: Path, number: int) -> Path:
    """As the kernel names it: `sda2`, `nvme0n1p2`."""
    between = "p" if device.name[-1].isdigit() else ""
    return device.with_name(f"{device.name}{between}{number}")


class Target(Protocol):
    """What an image is written to. Offsets and lengths in bytes, multiples of a sector."""

    @property
    def size(self) -> int: ...

    def write(self, offset: int, content: memoryview) -> None:
        """`content` begins at a page of memory."""
        ...

    def zero(self, offset: int, length: int) -> None: ...

    def read(self, offset: int, length: int) -> bytes: ...

    def flush(self) -> None:
        """Returns when everything written is on the medium."""
        ...


class DiskWriter:
    """A whole disk, opened for writing; use as a context manager.

    Raises:
        InstallFailed: its sectors are not of 512 bytes, for which images are made.
    """

    def __init__(self, device: Path) -> None:
        self._device = device
        # Refused while anything else holds the disk; held so, its own partition couldn't be mounted.
        os.close(os.open(device, os.O_RDWR | os.O_EXCL | os.O_CLOEXEC))
        self._descriptor = os.open(device, os.O_RDWR | os.O_DIRECT | os.O_CLOEXEC)
        sector = struct.unpack("i", self._ask(BLKSSZGET, bytes(4)))[0]
        if sector != 512:
            os.close(self._descriptor)
            raise InstallFailed(f"{device.name} has sectors of {sector} bytes; images need 512")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._descriptor)

    @property
    def size(self) -> int:
        return int(struct.unpack("Q", self._ask(BLKGETSIZE64, bytes(8)))[0])

    def write(self, offset: int, content: memoryview) -> None:
        while content:
            done = os.pwrite(self._descriptor, content, offset)
            offset += done
            content = content[done:]

    def zero(self, offset: int, length: int) -> None:
        """Reads as zeros afterwards; the device does it itself where it can, else the kernel writes."""
        if length:
            self._ask(BLKZEROOUT, struct.pack("QQ", offset, length))

    def read(self, offset: int, length: int) -> bytes:
        view = memoryview(mmap.mmap(-1, length))
        done = 0
        while done < length:
            part = os.preadv(self._descriptor, [view[done:]], offset + done)
            if not part:
                raise OSError(errno.EIO, f"nothing to read at byte {offset + done} of the disk")
            done += part
        return bytes(view)

    def flush(self) -> None:
        os.fsync(self._descriptor)

    def read_partitions_again(self) -> None:
        """The kernel forgets the partitions it knew, and learns those that the disk's table has."""
        self._ask(BLKRRPART, 0)

    def show_partition(self, number: int, start: int, length: int) -> Path:
        """Makes the kernel know a partition that the disk's table doesn't have (yet); its node."""
        self._partition(BLKPG_ADD_PARTITION, number, start, length)
        return self.partition(number)

    def hide_partition(self, number: int) -> None:
        """The kernel forgets it; the disk stays as it is."""
        self._partition(BLKPG_DEL_PARTITION, number, 0, 0)

    def partition(self, number: int) -> Path:
        """The node of a partition of this disk."""
        return partition_node(self._device, number)

    def _partition(self, operation: int, number: int, start: int, length: int) -> None:
        """linux/blkpg.h: an argument that points to the partition."""
        partition = array.array("b", bytes(BLKPG_PARTITION_BYTES))
        struct.pack_into("qqi", partition, 0, start, length, number)
        address, size = partition.buffer_info()
        self._ask(BLKPG, struct.pack("iiiP", operation, 0, size, address))

    def _ask(self, request: int, argument: bytes | int) -> bytes:
        answer = fcntl.ioctl(self._descriptor, request, argument)
        return answer if isinstance(answer, bytes) else b""
