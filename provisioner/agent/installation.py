"""Carrying an install order out, so that the power may go at any moment.

The order of things is the point:
1. Fetch and check the Ignition config, fetch the image's map: everything that may have to be waited for.
   Then look at the disk again, and tell the daemon that it is going to be written: only when that is
   committed, so that the daemon knows whose data the disk holds, anything is.
2. Erase both ends of the disk: whatever label or partition table was there is gone first.
3. Write the image, digesting it on the way, but for its first MiB, which holds the partition table.
   What the image says is zeros is made zeros: nothing of what the disk held may shine through.
4. Check the digest. A wrong one leaves a disk without a partition table.
5. Put the first boot's files on the boot partition, which only the kernel knows of so far.
6. Write the first MiB. Before this the disk boots nothing; after it the installation is complete.
7. Read the first MiB and the files back from the disk itself, and compare.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from provisioner.agent.disk_identity import find_disk
from provisioner.agent.disk_writer import MIB, Target, aligned_copy
from provisioner.agent.errors import AgentError, InstallFailed
from provisioner.agent.first_boot_files import first_boot_files
from provisioner.agent.image_stream import CHUNK, Chunk, ImageMap, read_map
from provisioner.agent.messages import DiskReport, Install, Progress, Written
from provisioner.agent.partition_table import Partition, read_partitions
from provisioner.agent.zstd import FrameDecoder

BOOT_LABEL = b"NODEBOOT   "
FAT32_LABEL_OFFSET = 0x47
PHASE_IMAGE = "writing the image"
PHASE_FILES = "placing the first boot's files"
PHASE_VERIFY = "reading back"


class Disk(Target, Protocol):
    """A disk with partitions that files can be put on."""

    def forget_partitions(self) -> None:
        """The kernel forgets the partitions it knew of."""
        ...

    def put_files(self, partition: Partition, files: Mapping[str, bytes]) -> None:
        """Puts files on the FAT file system of a partition, and returns when they are on the disk."""
        ...

    def get_files(self, partition: Partition, paths: Iterable[str]) -> dict[str, bytes]:
        """Reads files back from the disk, through the partition table that is on it now."""
        ...


class Source(Protocol):
    """A download in order; broken connections are its own affair."""

    def read_exactly(self, length: int) -> bytes: ...


class Surroundings(Protocol):
    """What an installation needs from the machine and the daemon."""

    def disks(self) -> tuple[DiskReport, ...]: ...

    def open_disk(self, name: str) -> AbstractContextManager[Disk]: ...

    def fetch(self, url: str) -> bytes: ...

    def download(self, url: str) -> AbstractContextManager[Source]: ...

    def begin(self, order: str) -> None:
        """Tell the daemon that the order's disk is going to be written; returns when it is committed."""
        ...


Tell = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Installation:
    """One order being carried out; `tell` hears of every chunk."""

    order: Install
    surroundings: Surroundings
    tell: Tell

    def carry_out(self) -> Written:
        """Returns when the image is on the disk and verified.

        Raises:
            InstallFailed: with evidence; the disk then has no partition table, or was never touched.
        """
        try:
            files = first_boot_files(self.order, self._fetch_ignition())
            with self.surroundings.download(self.order.image_url) as source:
                stream = _Digested(source)
                image = self._read_map(stream)
                chosen = find_disk(self.order, self.surroundings.disks())
                with self.surroundings.open_disk(chosen.name) as disk:
                    _require_room(image, disk)
                    self.surroundings.begin(self.order.order)
                    self._write(disk, image, stream, files)
            return Written(self.order.order, chosen)
        except InstallFailed:
            raise
        except (AgentError, OSError) as error:
            raise InstallFailed(f"installing on {self.order.disk.name}: {error}") from error

    def _fetch_ignition(self) -> bytes:
        config = self.surroundings.fetch(self.order.ignition_url)
        _expect("Ignition config", self.order.ignition_sha256, hashlib.sha256(config).hexdigest())
        return config

    def _write(
        self, disk: Disk, image: ImageMap, stream: _Digested, files: Mapping[str, bytes]
    ) -> None:
        _erase_ends(disk)
        head = self._write_chunks(disk, image, stream)
        _expect("image", self.order.image_sha256, stream.digest())
        self._say(PHASE_FILES, 0, 1)
        boot = _boot_partition(disk, head)
        disk.put_files(boot, files)
        disk.write(0, head)
        disk.flush()
        self._say(PHASE_VERIFY, 0, 1)
        try:
            _verify(disk, head, boot, files)
        except BaseException:
            _erase_ends(disk)
            raise

    def _read_map(self, stream: _Digested) -> ImageMap:
        image = read_map(stream.read_exactly)
        served = image.header + sum(chunk.frame for chunk in image.chunks)
        if served != self.order.image_size:
            raise InstallFailed(
                f"the image has {served} bytes, the order says {self.order.image_size}"
            )
        return image

    def _write_chunks(self, disk: Disk, image: ImageMap, stream: _Digested) -> memoryview:
        """Everything but the first MiB, which is returned."""
        decoder = FrameDecoder(CHUNK)
        head = memoryview(b"")
        end = done = 0
        for chunk in image.chunks:
            content = decoder.decode(stream.read_exactly(chunk.frame), chunk.length)
            if chunk.offset == 0:
                head = aligned_copy(content)
            else:
                _write_chunk(disk, end, chunk, content)
            end = chunk.offset + chunk.length
            done += chunk.frame
            self._say(PHASE_IMAGE, image.header + done, self.order.image_size)
        disk.zero(end, image.size - end)
        disk.flush()
        return head

    def _say(self, phase: str, done: int, total: int) -> None:
        self.tell(Progress(self.order.order, phase, done, total))


class _Digested:
    """Digests everything that is read."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._sha256 = hashlib.sha256()

    def read_exactly(self, length: int) -> bytes:
        content = self.source.read_exactly(length)
        self._sha256.update(content)
        return content

    def digest(self) -> str:
        return self._sha256.hexdigest()


def _require_room(image: ImageMap, disk: Disk) -> None:
    if image.size > disk.size:
        raise InstallFailed(f"the image needs {image.size} bytes, the disk has {disk.size}")


def _erase_ends(disk: Disk) -> None:
    """Backup GPTs and some RAID labels are at the end."""
    disk.zero(0, MIB)
    disk.zero(disk.size - MIB, MIB)
    disk.flush()
    disk.forget_partitions()


def _write_chunk(disk: Disk, end: int, chunk: Chunk, content: memoryview) -> None:
    disk.zero(end, chunk.offset - end)
    disk.write(chunk.offset, content)


def _boot_partition(disk: Disk, head: memoryview) -> Partition:
    """The partition whose FAT32 file system is labelled NODEBOOT."""
    for partition in read_partitions(bytes(head)):
        sector = disk.read(partition.start, 512)
        label = sector[FAT32_LABEL_OFFSET : FAT32_LABEL_OFFSET + len(BOOT_LABEL)]
        if label == BOOT_LABEL:
            return partition
    raise InstallFailed("the image has no boot partition (FAT32, labelled NODEBOOT)")


def _verify(disk: Disk, head: memoryview, boot: Partition, files: Mapping[str, bytes]) -> None:
    if disk.read(0, len(head)) != bytes(head):
        raise InstallFailed("the disk's first MiB reads differently from what was written")
    found = disk.get_files(boot, files)
    wrong = sorted(path for path in files if found.get(path) != files[path])
    if wrong:
        raise InstallFailed(
            "files of the boot partition read differently from what was written", *wrong
        )


def _expect(what: str, wanted: str, got: str) -> None:
    if got != wanted:
        raise InstallFailed(
            f"the {what}'s sha256 is wrong", f"ordered: {wanted}", f"received: {got}"
        )
