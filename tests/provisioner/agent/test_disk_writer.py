"""What of the disk writer can be told without a disk; the rest is tested in a machine (test_main.py)."""

from __future__ import annotations

import ctypes
import mmap
from pathlib import Path

import pytest

from provisioner.agent.disk_writer import aligned_copy, partition_node

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("content", [b"x", bytes(range(256)) * 64])
def test_a_copy_begins_at_a_page(content: bytes) -> None:
    copy = aligned_copy(memoryview(content))
    assert copy == content
    assert ctypes.addressof(ctypes.c_char.from_buffer(copy)) % mmap.PAGESIZE == 0


@pytest.mark.parametrize(
    ("disk", "partition"),
    [("sda", "sda2"), ("vda", "vda2"), ("nvme0n1", "nvme0n1p2"), ("mmcblk0", "mmcblk0p2")],
)
def test_the_kernels_names_of_partitions(disk: str, partition: str) -> None:
    assert partition_node(Path("/dev") / disk, 2) == Path("/dev") / partition
