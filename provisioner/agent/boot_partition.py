"""A whole disk with its boot partition mounted by the kernel when files are put on it or read back."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from provisioner.agent.disk_writer import DiskWriter
from provisioner.agent.mounting import mounted
from provisioner.agent.partition_table import Partition

PLACE = Path("/run/boot-partition")
FILE_SYSTEM = "vfat"


class KernelDisk(DiskWriter):
    """What an installation writes: `installation.Disk` on a real machine."""

    def forget_partitions(self) -> None:
        """Both ends of the disk have been erased, so the kernel finds no partition any more."""
        self.read_partitions_again()

    def put_files(self, partition: Partition, files: Mapping[str, bytes]) -> None:
        """The disk has no partition table yet: only the kernel is told of the partition."""
        node = self.show_partition(partition.number, partition.start, partition.length)
        try:
            with mounted(node, PLACE, FILE_SYSTEM, read_only=False):
                for path, content in files.items():
                    _write(PLACE / path, content)
            _flush(node)
        finally:
            self.hide_partition(partition.number)

    def get_files(self, partition: Partition, paths: Iterable[str]) -> dict[str, bytes]:
        """The partition is the one that the disk's own table has now."""
        self.read_partitions_again()
        Path("/proc/sys/vm/drop_caches").write_text("3\n")
        node = self.partition(partition.number)
        with mounted(node, PLACE, FILE_SYSTEM, read_only=True):
            return {path: (PLACE / path).read_bytes() for path in paths}


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _flush(node: Path) -> None:
    descriptor = os.open(node, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
