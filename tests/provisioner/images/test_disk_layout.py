"""The disk's partitions follow each other, aligned, and the tools that write them agree."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.images.disk_layout import (
    ALIGNMENT,
    FIRST_BOOT_ROOM,
    MIB,
    SECTOR,
    DiskLayout,
    root_size,
)

pytestmark = pytest.mark.unit

SIZES = st.integers(min_value=1, max_value=1 << 20)


@given(SIZES, SIZES)
def test_partitions_are_aligned_adjacent_and_leave_room_for_the_second_table(
    boot: int, root: int
) -> None:
    layout = DiskLayout(boot, root)
    starts = (layout.bios_start, layout.boot_start, layout.root_start)
    assert all(start % ALIGNMENT == 0 for start in starts)
    assert (layout.root_start - layout.boot_start) * SECTOR == boot * MIB
    assert (layout.root_end + 1 - layout.root_start) * SECTOR == root * MIB
    assert layout.size - (layout.root_end + 1) * SECTOR >= 34 * SECTOR


@given(st.integers(min_value=0, max_value=1 << 40))
def test_root_holds_its_content_and_what_ignition_places(content: int) -> None:
    assert root_size(content) * MIB >= content + FIRST_BOOT_ROOM * MIB


def test_the_commands_name_every_partition_as_the_installer_and_the_node_look_for_it() -> None:
    layout = DiskLayout(boot=128, root=4096)
    assert layout.partition("disk.raw") == [
        *("sgdisk", "--set-alignment", "2048"),
        *("--new", "1:2048:4095", "--typecode", "1:ef02"),
        *("--new", "2:4096:266239", "--typecode", "2:ef00"),
        *("--new", "3:266240:8654847", "--typecode", "3:8304"),
        *("--change-name", "1:bios", "--change-name", "2:boot", "--change-name", "3:root"),
        "disk.raw",
    ]
    assert layout.boot_in_mtools == "@@2097152"


def test_a_fat_of_this_size_is_read_by_mtools(tmp_path: Path) -> None:
    """With mkfs.vfat's own choice of cluster size mtools says "No directory slots"."""
    image, layout = tmp_path / "disk.raw", DiskLayout(boot=128, root=8)
    with image.open("wb") as file:
        file.truncate(layout.size)
    subprocess.check_call(layout.make_boot(str(image)), stdout=subprocess.DEVNULL)
    disk = f"{image}{layout.boot_in_mtools}"
    placed = tmp_path / "placed"
    placed.write_text("text")
    subprocess.check_call(["mcopy", "-i", disk, placed, "::/placed"])
    assert subprocess.check_output(["mtype", "-i", disk, "::/placed"], text=True) == "text"
