"""GUID Partition Tables as sgdisk writes them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.agent.partition_table import MalformedTable, Partition, read_partitions

pytestmark = pytest.mark.unit

MIB = 1 << 20


def test_partitions_of_sgdisk(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    with disk.open("wb") as file:
        file.truncate(16 * MIB)
    subprocess.run(
        ["sgdisk", "-n", "1:2048:4095", "-n", "3:8192:16383", str(disk)],
        check=True,
        capture_output=True,
        env={"PATH": "/usr/sbin:/sbin:/usr/bin:/bin"},
    )
    assert read_partitions(disk.read_bytes()[:MIB]) == (
        Partition(1, MIB, MIB),
        Partition(3, 4 * MIB, 4 * MIB),
    )


@given(st.binary(max_size=200), st.booleans())
def test_anything_else_is_malformed(noise: bytes, begins_right: bool) -> None:
    header = (b"EFI PART" if begins_right else b"") + noise
    head = bytes(512) + header.ljust(512, b"\xff") + bytes(1024)
    with pytest.raises(MalformedTable):
        read_partitions(head)
