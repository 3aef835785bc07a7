"""Disks out of /sys/block, with what is on them."""

from __future__ import annotations

from pathlib import Path

import pytest

from provisioner.agent.block_devices import read_disks
from provisioner.agent.messages import DiskReport
from tests.provisioner.agent.sysfs_tree import add_disk, roots_in, write_files

pytestmark = pytest.mark.unit

MIB = 1 << 20
BLANK = bytes(4 * MIB)


def test_what_each_kind_of_disk_says_of_itself(tmp_path: Path) -> None:
    roots = roots_in(tmp_path)
    add_disk(roots, "vda", BLANK, {"serial": "V-1", "queue/rotational": "1"})
    add_disk(
        roots,
        "sda",
        BLANK,
        {
            "device/model": "ST4000NM0035   ",
            "device/vpd_pg80": b"\x00\x80\x00\x08ZC1AB2CD",
            "device/wwid": "naa.5000c500a1b2c3d4",
            "queue/rotational": "1",
        },
    )
    add_disk(
        roots,
        "nvme0n1",
        BLANK,
        {
            "device/model": "SAMSUNG MZVLB512",
            "device/serial": "S4EV",
            "wwid": "eui.0025388b81b2f3a4",
            "queue/rotational": "0",
        },
    )
    add_disk(roots, "sdb", BLANK, {"device/wwid": "t10.ATA     QEMU HARDDISK"})
    assert read_disks(roots.sys, roots.dev) == (
        DiskReport("nvme0n1", 4 * MIB, "SAMSUNG MZVLB512", "S4EV", "eui.0025388b81b2f3a4", False),
        DiskReport("sda", 4 * MIB, "ST4000NM0035", "ZC1AB2CD", "naa.5000c500a1b2c3d4", True),
        DiskReport("sdb", 4 * MIB),
        DiskReport("vda", 4 * MIB, "", "V-1", "", True),
    )


def test_what_is_not_a_fixed_disk_is_left_out(tmp_path: Path) -> None:
    roots = roots_in(tmp_path)
    for name in ("loop0", "ram0", "zram0", "sr0", "fd0", "dm-0", "md127", "nbd0"):
        add_disk(roots, name, BLANK, {})
    add_disk(roots, "sda", BLANK, {"removable": "1"})
    add_disk(roots, "sdb", b"", {"size": "0"})
    assert read_disks(roots.sys, roots.dev) == ()


def test_labels_partitions_and_what_is_in_them(tmp_path: Path) -> None:
    roots = roots_in(tmp_path)
    content = bytearray(BLANK)
    content[512:520] = b"EFI PART"
    content[-512:-504] = b"EFI PART"
    content[2 * MIB : 2 * MIB + 4] = b"XFSB"
    add_disk(roots, "vda", bytes(content), {})
    partitions = {
        "vda1/start": str(MIB // 512),
        "vda1/size": str(MIB // 512),
        "vda2/start": str(2 * MIB // 512),
        "vda2/size": str(MIB // 512),
    }
    write_files(roots.sys / "block" / "vda", partitions)
    assert read_disks(roots.sys, roots.dev)[0].content == (
        "GPT partition table",
        "GPT partition table (backup)",
        "partition vda1: nothing",
        "partition vda2: XFS file system",
    )


def test_a_disk_that_is_held_or_protected_is_not_blank(tmp_path: Path) -> None:
    roots = roots_in(tmp_path)
    add_disk(roots, "vda", BLANK, {"ro": "1", "holders/dm-0/size": "8"})
    assert read_disks(roots.sys, roots.dev)[0].content == ("write protection", "held by dm-0")


def test_a_disk_that_can_not_be_read_is_not_blank(tmp_path: Path) -> None:
    roots = roots_in(tmp_path)
    add_disk(roots, "vda", BLANK, {})
    (roots.dev / "vda").unlink()
    assert read_disks(roots.sys, roots.dev)[0].content == (
        "something unreadable (No such file or directory)",
    )
