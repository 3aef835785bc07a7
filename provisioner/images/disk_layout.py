"""Where things lie on a node's disk. Pure: sectors, command lines and bytes.

| # | what | type | content |
|---|---|---|---|
| 1 | bios | ef02 | GRUB's core image, for BIOS firmware |
| 2 | boot | ef00 | FAT32 NODEBOOT: kernel, initramfs, GRUB's configuration, first-boot files |
| 3 | root | 8304 | ext4 root, last, so that systemd-repart grows it to the disk's end |
"""

from __future__ import annotations

from dataclasses import dataclass

SECTOR = 512
MIB = 1024 * 1024
ALIGNMENT = 2048  # sectors: 1 MiB
FIRST_BOOT_ROOM = 4096  # MiB
BOOT_LABEL = "NODEBOOT"
ROOT_LABEL = "root"


@dataclass(frozen=True, slots=True)
class DiskLayout:
    """Partitions of a disk image; `boot` and `root` are sizes in MiB."""

    boot: int
    root: int

    @property
    def bios_start(self) -> int:
        """First sector of GRUB's core image."""
        return ALIGNMENT

    @property
    def boot_start(self) -> int:
        """First sector of the FAT partition."""
        return 2 * ALIGNMENT

    @property
    def root_start(self) -> int:
        """First sector of the root partition."""
        return self.boot_start + self.boot * ALIGNMENT

    @property
    def root_end(self) -> int:
        """Last sector of the root partition."""
        return self.root_start + self.root * ALIGNMENT - 1

    @property
    def size(self) -> int:
        """Bytes of the whole image: one MiB after root for the second partition table."""
        return (self.root_end + 1) * SECTOR + MIB

    def partition(self, image: str) -> list[str]:
        """The command that writes both partition tables."""
        return [
            *("sgdisk", "--set-alignment", str(ALIGNMENT)),
            *("--new", f"1:{self.bios_start}:{self.boot_start - 1}", "--typecode", "1:ef02"),
            *("--new", f"2:{self.boot_start}:{self.root_start - 1}", "--typecode", "2:ef00"),
            *("--new", f"3:{self.root_start}:{self.root_end}", "--typecode", "3:8304"),
            *("--change-name", "1:bios", "--change-name", "2:boot", "--change-name", "3:root"),
            image,
        ]

    def make_root(self, tree: str, image: str) -> list[str]:
        """The command that makes the root filesystem out of `tree`, without mounting anything.

        The block size, inode ratio and journal of a big filesystem, since it will be grown to one.
        """
        options = f"offset={self.root_start * SECTOR},lazy_itable_init=1,lazy_journal_init=1"
        return [
            *("mkfs.ext4", "-q", "-F", "-L", ROOT_LABEL, "-E", options),
            *("-b", "4096", "-i", "16384", "-J", "size=64", "-m", "1"),
            *("-d", tree, image, f"{self.root * 1024}k"),
        ]

    def make_boot(self, image: str) -> list[str]:
        """The command that makes the FAT filesystem.

        mkfs.vfat takes the cluster size from the whole file's size, not the partition's: with its choice
        there are too few clusters for FAT32 and mtools misreads it. One KiB clusters are right here.
        """
        return [
            *("mkfs.vfat", "-F", "32", "-s", "2", "-n", BOOT_LABEL),
            *(f"--offset={self.boot_start}", image, str(self.boot * 1024)),
        ]

    @property
    def boot_in_mtools(self) -> str:
        """What follows an image's path to name its FAT partition to mtools."""
        return f"@@{self.boot_start * SECTOR}"


def root_size(content: int) -> int:
    """MiB for a root filesystem that holds `content` bytes: journal, tables and room for what
    Ignition places at the first boot, which is before the filesystem is grown to its disk (a
    control plane's programs are 370 MB). Room costs nothing: zeros are neither served nor written.
    """
    return content * 103 // 100 // MIB + 64 + FIRST_BOOT_ROOM
