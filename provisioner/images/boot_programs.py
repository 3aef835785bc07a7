"""iPXE's programs, which firmware boots over the network: out of Debian's package, which is never installed.

Installed, it would add an entry to the boot menu of the machine itself (/etc/grub.d/20_ipxe).
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from provisioner.images.built import Product
from provisioner.images.cache import Cache, Recipe
from provisioner.images.packages import Packages

NAME = "boot-programs"
PACKAGE = "ipxe"
FOLDER = "usr/lib/ipxe"
FILES = ("undionly.kpxe", "snponly.efi")
REFERENCE = {"lists": 4, "package": 2}
REVISION = 1  # raise it when the steps below change what comes out


def recipe() -> Recipe:
    """The package and which of its files: what the machine has installed doesn't matter."""
    return Recipe.of(NAME, {"package": PACKAGE, "files": FILES, "revision": REVISION})


def folder_in(cache: Path) -> Path:
    """Where the programs are, or will be once they are built: the daemon's `--boot-programs`. Absolute."""
    return Cache(cache.absolute()).folder_of(recipe())


def build(packages: Packages, finish: Callable[[str], None], work: Path, output: Path) -> Product:
    """The programs alone, side by side."""
    packages.refresh()
    finish("lists")
    found = packages.unpack([PACKAGE], work / "debs", work / "tree")
    for file in FILES:
        shutil.copyfile(work / "tree" / FOLDER / file, output / file)
    finish("package")
    files = {file: file for file in FILES}
    return Product(files, {package.name: package.version for package in found})
