"""A small disk image laid out as the node image is: bios, NODEBOOT, root; without anything that boots."""

from __future__ import annotations

import random
import subprocess
from pathlib import Path

MIB = 1 << 20
SIZE = 64 * MIB
BOOT_START = 2 * MIB
BOOT_SIZE = 40 * MIB
ROOT_START = BOOT_START + BOOT_SIZE


def write_small_image(path: Path) -> None:
    """Partition table, a FAT32 file system, and a root of data with holes between."""
    with path.open("wb") as file:
        file.truncate(SIZE)
    _run(
        *("sgdisk", "-a", "2048", "-n", "1:2048:4095", "-t", "1:ef02"),
        *("-n", f"2:{BOOT_START // 512}:{ROOT_START // 512 - 1}", "-t", "2:ef00"),
        *("-n", f"3:{ROOT_START // 512}:0", "-t", "3:8304", str(path)),
    )
    _run(
        *("mkfs.vfat", "-F", "32", "-s", "1", "-n", "NODEBOOT", f"--offset={BOOT_START // 512}"),
        *(str(path), str(BOOT_SIZE // 1024)),
    )
    noise = random.Random(7)
    with path.open("r+b") as file:
        for at in (ROOT_START, ROOT_START + 3 * MIB, ROOT_START + 12 * MIB + 4096):
            file.seek(at)
            file.write(noise.randbytes(300_000))


def read_boot_file(disk: Path, name: str) -> bytes:
    """A file of the boot partition, read by mtools."""
    return subprocess.run(
        ["mcopy", "-n", "-i", f"{disk}@@{BOOT_START}", f"::/{name}", "-"],
        check=True,
        capture_output=True,
        env={"PATH": "/usr/bin:/bin", "MTOOLS_SKIP_CHECK": "1"},
    ).stdout


def _run(*command: str) -> None:
    subprocess.run(
        command, check=True, capture_output=True, env={"PATH": "/usr/sbin:/sbin:/usr/bin:/bin"}
    )
