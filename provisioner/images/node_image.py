"""The node image: Debian on a disk of its own whose first boot is a CoreOS first boot.

Nothing is mounted and no loop device is used but for dracut, which runs in a chroot with mounts of its own.
It is served in chunks (`chunked_image.py`), as the agent on a machine writes it fastest.
"""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from provisioner.images import grub, node_tree
from provisioner.images.cache import Product, Recipe
from provisioner.images.chunked_image import write_chunked_image
from provisioner.images.commands import Commands, require
from provisioner.images.disk_layout import MIB, SECTOR, DiskLayout, root_size
from provisioner.images.packages import Packages

NAME = "node-image"
FILE = "node-image.raw.zst"
BOOT_SIZE = 160  # MiB: a kernel, an initramfs, and as much again
REVISION = 2  # raise it when the steps below change what comes out
GRUB_BIOS = Path("/usr/lib/grub/i386-pc/boot.img")
SOURCE_DATE = "1700000000"

# Seconds on 2 cores with nothing else running.
REFERENCE = {
    "lists": 4,
    "packages": 80,
    "settings": 4,
    "initramfs": 12,
    "disk": 8,
    "compressed": 10,
}
TOOLS = {
    "mmdebstrap": "mmdebstrap",
    "sgdisk": "gdisk",
    "mkfs.ext4": "e2fsprogs",
    "mkfs.vfat": "dosfstools",
    "mcopy": "mtools",
    "grub-mkimage": "grub-common",
    "zstd": "zstd",
}
DRACUT = (
    *("dracut", "--force", "--no-hostonly", "--compress", "zstd -9 -T0"),
    *("--add", "ignition network node-firstboot"),
    *(
        "--omit",
        "btrfs crypt dm dmraid lvm mdraid multipath nvdimm iscsi nfs fcoe cifs nbd resume i18n",
    ),
    *(
        "--add-drivers",
        "virtio_net virtio_blk virtio_pci virtio_scsi ext4 e1000 e1000e ahci sd_mod",
    ),
    *("--add-drivers", "nvme vfat nls_cp437 nls_ascii"),
)
IN_CHROOT = """\
set -e
mount --bind /dev "$0/dev"
mount -t proc proc "$0/proc"
mount -t sysfs -o ro sysfs "$0/sys"
mount -t tmpfs tmpfs "$0/tmp"
mount -t tmpfs tmpfs "$0/var/tmp"
exec chroot "$0" "$@"
"""

Finish = Callable[[str], None]


def recipe() -> Recipe:
    """Everything this product decides about the image."""
    return Recipe.of(
        NAME,
        {
            "packages": node_tree.PACKAGES,
            "dpkg": tuple(node_tree.dpkg_options()),
            "files": node_tree.own_files(),
            "masked": node_tree.MASKED,
            "started": node_tree.STARTED,
            "dracut": DRACUT,
            "grub": (grub.CONFIGURATION, grub.MODULES),
            "boot": BOOT_SIZE,
            "revision": REVISION,
        },
    )


def build(
    packages: Packages, commands: Commands, finish: Finish, work: Path, output: Path
) -> Product:
    """Make the image out of the machine's own mirrors; needs root's rights."""
    require(TOOLS, commands.environment.get("PATH", ""))
    return _NodeBuild(commands, work, output).make(packages, finish)


@dataclass(frozen=True, slots=True)
class _NodeBuild:
    commands: Commands
    work: Path
    output: Path

    @property
    def tree(self) -> Path:
        return self.work / "tree"

    def make(self, packages: Packages, finish: Finish) -> Product:
        packages.refresh()
        finish("lists")
        self._bootstrap(packages)
        finish("packages")
        self._settle()
        finish("settings")
        kernel = self._initramfs()
        finish("initramfs")
        image = self._disk()
        finish("disk")
        size = image.stat().st_size
        write_chunked_image(image, self.output / FILE)
        finish("compressed")
        versions = installed_versions(self.tree / "var/lib/dpkg/status")
        return Product({NAME: FILE}, {**versions, "kernel": kernel, "raw_size": str(size)})

    def _bootstrap(self, packages: Packages) -> None:
        options = [f"--dpkgopt={option}" for option in node_tree.dpkg_options()]
        options += [f"--aptopt={line}" for line in packages.acquire_options()]
        self.commands.run(
            *("mmdebstrap", "--mode=root", "--variant=minbase", "--skip=cleanup/apt/lists"),
            *(f"--include={','.join(node_tree.PACKAGES)}", *options),
            *("bookworm", self.tree, packages.binary_sources()),
            extra={"INITRD": "No", "SOURCE_DATE_EPOCH": SOURCE_DATE, "TMPDIR": str(self.work)},
            isolated=True,
        )

    def _settle(self) -> None:
        node_tree.clean(self.tree)
        node_tree.place_own_files(self.tree)
        self.commands.run("systemctl", f"--root={self.tree}", "preset-all")
        node_tree.mark_updated(self.tree, time.time())

    def _initramfs(self) -> str:
        """Make the initramfs and take it and the kernel out of the tree; the kernel's version."""
        kernel = next((self.tree / "lib/modules").iterdir()).name
        self._chrooted("depmod", kernel)
        self._chrooted(*DRACUT, "/boot/initrd.img", kernel)
        for name, file in ((f"vmlinuz-{kernel}", "vmlinuz"), ("initrd.img", "initrd.img")):
            shutil.move(self.tree / "boot" / name, self.work / file)
        shutil.rmtree(self.tree / "boot")
        (self.tree / "boot").mkdir()
        return kernel

    def _chrooted(self, *argv: str) -> None:
        self.commands.run("sh", "-c", IN_CHROOT, self.tree, *argv, isolated=True)

    def _disk(self) -> Path:
        image = self.work / "node-image.raw"
        layout = DiskLayout(BOOT_SIZE, root_size(node_tree.content_size(self.tree)))
        with image.open("wb") as file:
            file.truncate(layout.size)
        self.commands.run(*layout.partition(str(image)))
        self.commands.run(*layout.make_root(str(self.tree), str(image)))
        self.commands.run(*layout.make_boot(str(image)))
        self._fill_boot(layout, image)
        self._place_bios_loader(layout, image)
        return image

    def _fill_boot(self, layout: DiskLayout, image: Path) -> None:
        loader, config = self.work / "BOOTX64.EFI", self.work / "grub.cfg"
        self.commands.run(*grub.uefi_command(str(loader)))
        config.write_text(grub.CONFIGURATION)
        flag = self.work / "ignition.firstboot"
        flag.write_text("")
        disk = ("-i", f"{image}{layout.boot_in_mtools}")
        quiet = {"MTOOLS_SKIP_CHECK": "1"}
        folders = ("::/grub", "::/EFI", "::/EFI/BOOT", "::/ignition", "::/harmony")
        self.commands.run("mmd", *disk, *folders, extra=quiet)
        plain = (self.work / "vmlinuz", self.work / "initrd.img", flag)
        for files, folder in ((plain, "::/"), ((config,), "::/grub"), ((loader,), "::/EFI/BOOT")):
            self.commands.run("mcopy", *disk, *files, folder, extra=quiet)

    def _place_bios_loader(self, layout: DiskLayout, image: Path) -> None:
        core = self.work / "core.img"
        self.commands.run(*grub.bios_command(str(core)))
        placed = grub.placed_core(core.read_bytes(), layout.bios_start)
        if len(placed) > MIB:
            raise ValueError(f"GRUB's core image has {len(placed)} bytes")
        with image.open("r+b") as file:
            file.write(grub.first_sector(GRUB_BIOS.read_bytes(), layout.bios_start))
            file.seek(layout.bios_start * SECTOR)
            file.write(placed)


def installed_versions(status: Path) -> Mapping[str, str]:
    """Package name to version out of dpkg's status file."""
    stanzas: Sequence[str] = status.read_text(errors="replace").split("\n\n")
    found = (
        re.search(r"^Package: (.+)(?:\n.*)*?\nVersion: (.+)$", s, re.MULTILINE) for s in stanzas
    )
    return {match.group(1): match.group(2) for match in found if match}
