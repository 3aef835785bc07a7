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

from provisioner.images import grub, node_tree, ramdisk_modules
from provisioner.images.apt_sources import SUITE
from provisioner.images.built import Product
from provisioner.images.cache import Recipe
from provisioner.images.chunked_image import write_chunked_image
from provisioner.images.commands import Commands
from provisioner.images.disk_layout import FIRST_BOOT_ROOM, SECTOR, DiskLayout, root_size
from provisioner.images.packages import Packages
from provisioner.images.unpacked_tools import environment

NAME = "node-image"
FILE = "node-image.raw.zst"
BOOT_SIZE = 128  # MiB: a kernel, an initramfs, and as much again
REVISION = 4  # raise it when the steps below change what comes out
COMPRESSION = 6  # of zstd: a little slower here, 5 % less to fetch on every machine
GRUB_MODULES = "usr/lib/grub"
SOURCE_DATE = "1700000000"

# Seconds on 2 cores with nothing else running.
REFERENCE = {
    "tools": 8,
    "packages": 50,
    "settings": 1,
    "initramfs": 20,
    "disk": 5,
    "compressed": 15,
}
# Unpacked and run from there: grub-common's services are not to be installed on the machine.
TOOLS = (
    *("mmdebstrap", "gdisk", "e2fsprogs", "dosfstools", "mtools"),
    *("grub-common", "grub-pc-bin", "grub-efi-amd64-bin"),
)
# The initramfs is unpacked at every boot: what mounts no root and fetches no config is left out of it.
# A machine was installed with the ramdisk's drivers, so these find its disk and its network again.
DRIVERS = (*ramdisk_modules.WANTED, "xfs", "autofs4")
OMITTED_MODULES = (
    "btrfs crypt dm dmraid lvm mdraid multipath nvdimm iscsi nfs fcoe fcoe-uefi cifs nbd resume i18n "
    "terminfo kernel-modules-extra overlay-root qemu-net lunmask virtiofs ifcfg"
)
DRACUT = (
    *("dracut", "--force", "--no-hostonly", "--compress", "zstd -9 -T0"),
    *("--add", "ignition network node-firstboot", "--omit", OMITTED_MODULES),
)
IN_CHROOT = """\
set -e
mount --bind /dev "$0/dev"
mount -t proc proc "$0/proc"
mount -t sysfs -o ro sysfs "$0/sys"
mount -t tmpfs tmpfs "$0/tmp"
mount -t tmpfs tmpfs "$0/var/tmp"
[ -z "$MODULES" ] || mount --bind "$MODULES" "$0/lib/modules/$KERNEL"
exec chroot "$0" "$@"
"""

Finish = Callable[[str], None]


def recipe(files: Mapping[str, str] | None = None) -> Recipe:
    """Everything this product decides about the image; `files` are those of ours on the node."""
    return Recipe.of(
        NAME,
        {
            "packages": node_tree.PACKAGES,
            "dpkg": tuple(node_tree.dpkg_options()),
            "files": node_tree.own_files() if files is None else files,
            "masked": node_tree.MASKED,
            "started": node_tree.STARTED,
            "tools": TOOLS,
            "dracut": (DRACUT, DRIVERS),
            "grub": (grub.CONFIGURATION, grub.MODULES),
            "compression": COMPRESSION,
            "boot": (BOOT_SIZE, FIRST_BOOT_ROOM),
            "revision": REVISION,
        },
    )


def build(
    packages: Packages, commands: Commands, finish: Finish, work: Path, output: Path
) -> Product:
    """Make the image out of the machine's own mirrors; needs root's rights."""
    packages.refresh()
    tools = work / "tools"
    packages.unpack(TOOLS, work / "debs", tools)
    finish("tools")
    return _NodeBuild(commands, work, output, tools).make(packages, finish)


@dataclass(frozen=True, slots=True)
class _NodeBuild:
    commands: Commands
    work: Path
    output: Path
    tools: Path

    @property
    def tree(self) -> Path:
        return self.work / "tree"

    def make(self, packages: Packages, finish: Finish) -> Product:
        self._bootstrap(packages)
        finish("packages")
        self._settle()
        finish("settings")
        kernel = self._initramfs()
        finish("initramfs")
        image = self._disk()
        finish("disk")
        size = image.stat().st_size
        write_chunked_image(image, self.output / FILE, COMPRESSION)
        finish("compressed")
        versions = installed_versions(self.tree / "var/lib/dpkg/status")
        return Product({NAME: FILE}, {**versions, "kernel": kernel, "raw_size": str(size)})

    def _bootstrap(self, packages: Packages) -> None:
        options = [f"--dpkgopt={option}" for option in node_tree.dpkg_options()]
        options += [f"--aptopt={line}" for line in packages.acquire_options()]
        self._run(
            *("mmdebstrap", "--mode=root", "--variant=minbase"),
            *(f"--include={','.join(node_tree.PACKAGES)}", *options),
            *(SUITE, self.tree, packages.binary_sources()),
            extra={"INITRD": "No", "SOURCE_DATE_EPOCH": SOURCE_DATE, "TMPDIR": str(self.work)},
            isolated=True,
        )

    def _settle(self) -> None:
        node_tree.clean(self.tree)
        node_tree.place_own_files(self.tree)
        self._chrooted("systemctl", "preset-all")
        node_tree.mark_updated(self.tree, time.time())

    def _initramfs(self) -> str:
        """Make the initramfs and take it and the kernel out of the tree; the kernel's version."""
        kernel = next((self.tree / "lib/modules").iterdir()).name
        self._chrooted("depmod", kernel)
        chosen = {"MODULES": str(self._chosen_modules(kernel)), "KERNEL": kernel}
        self._chrooted("depmod", kernel, extra=chosen)
        self._chrooted(*DRACUT, "/boot/initrd.img", kernel, extra=chosen)
        for name, file in ((f"vmlinuz-{kernel}", "vmlinuz"), ("initrd.img", "initrd.img")):
            shutil.move(self.tree / "boot" / name, self.work / file)
        shutil.rmtree(self.tree / "boot")
        (self.tree / "boot").mkdir()
        return kernel

    def _chosen_modules(self, kernel: str) -> Path:
        """A module tree that holds DRIVERS and what they need: all that dracut is to see."""
        whole, chosen = self.tree / "lib/modules" / kernel, self.work / "initramfs-modules"
        wanted = [module.path for module in ramdisk_modules.choose_modules(whole, DRIVERS)]
        tables = ("modules.builtin", "modules.builtin.modinfo", "modules.order")
        for path in (*wanted, *tables):
            (chosen / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(whole / path, chosen / path)
        return chosen

    def _disk(self) -> Path:
        image = self.work / "node-image.raw"
        layout = DiskLayout(BOOT_SIZE, root_size(node_tree.content_size(self.tree)))
        with image.open("wb") as file:
            file.truncate(layout.size)
        self._run(*layout.partition(str(image)))
        self._run(*layout.make_root(str(self.tree), str(image)))
        self._run(*layout.make_boot(str(image)))
        self._fill_boot(layout, image)
        self._place_bios_loader(layout, image)
        return image

    def _fill_boot(self, layout: DiskLayout, image: Path) -> None:
        loader, config = self.work / "BOOTX64.EFI", self.work / "grub.cfg"
        self._run(*grub.uefi_command(str(self.tools / GRUB_MODULES), str(loader)))
        config.write_text(grub.CONFIGURATION)
        flag = self.work / "ignition.firstboot"
        flag.write_text("")
        disk = ("-i", f"{image}{layout.boot_in_mtools}")
        quiet = {"MTOOLS_SKIP_CHECK": "1"}
        folders = ("::/grub", "::/EFI", "::/EFI/BOOT", "::/ignition", "::/harmony")
        self._run("mmd", *disk, *folders, extra=quiet)
        plain = (self.work / "vmlinuz", self.work / "initrd.img", flag)
        for files, folder in ((plain, "::/"), ((config,), "::/grub"), ((loader,), "::/EFI/BOOT")):
            self._run("mcopy", *disk, *files, folder, extra=quiet)

    def _place_bios_loader(self, layout: DiskLayout, image: Path) -> None:
        modules, core = self.tools / GRUB_MODULES, self.work / "core.img"
        self._run(*grub.bios_command(str(modules), str(core)))
        placed = grub.placed_core(core.read_bytes(), layout.bios_start)
        boot = (modules / "i386-pc" / "boot.img").read_bytes()
        with image.open("r+b") as file:
            file.write(grub.first_sector(boot, layout.bios_start))
            file.seek(layout.bios_start * SECTOR)
            file.write(placed)

    def _run(
        self, *argv: str | Path, extra: Mapping[str, str] | None = None, isolated: bool = False
    ) -> None:
        unpacked = environment(self.tools, self.commands.environment)
        self.commands.run(*argv, extra={**unpacked, **(extra or {})}, isolated=isolated)

    def _chrooted(self, *argv: str, extra: Mapping[str, str] | None = None) -> None:
        words = ("sh", "-c", IN_CHROOT, str(self.tree), *argv)
        self.commands.run(*words, extra=extra or {"MODULES": ""}, isolated=True)


def installed_versions(status: Path) -> Mapping[str, str]:
    """Package name to version out of dpkg's status file."""
    stanzas: Sequence[str] = status.read_text(errors="replace").split("\n\n")
    found = (
        re.search(r"^Package: (.+)(?:\n.*)*?\nVersion: (.+)$", s, re.MULTILINE) for s in stanzas
    )
    return {match.group(1): match.group(2) for match in found if match}
