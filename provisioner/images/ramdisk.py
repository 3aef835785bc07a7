"""The ramdisk: what a machine boots over the network to be discovered and installed.

Debian's kernel, the drivers of common servers and of rehearsals, busybox, a small Python, the agent.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from provisioner.images import ramdisk_modules, ramdisk_python
from provisioner.images.built import Product
from provisioner.images.cache import Recipe
from provisioner.images.commands import Commands
from provisioner.images.packages import Package, Packages
from provisioner.images.ramdisk_archive import (
    CharacterDevice,
    Entry,
    RegularFile,
    SymbolicLink,
    archive,
)
from provisioner.images.ramdisk_errors import RamdiskPartMissing
from provisioner.images.ramdisk_libraries import LOADER, closure, find_library, library_folders
from provisioner.images.zstd import compressed

NAME = "ramdisk"
KERNEL_FILE = "vmlinuz"
INITRD_FILE = "initrd.img"
KERNEL_PACKAGE = "linux-image-amd64"
PACKAGES = (
    *("busybox-static", "python3.11-minimal", "libpython3.11-minimal", "libpython3.11-stdlib"),
    *("libc6", "libssl3", "libffi8", "libzstd1", "zlib1g", "libexpat1"),
)
LOADED_AT_RUN_TIME = ("libzstd.so.1",)  # by ctypes, so no ELF file says it
FILES = Path(__file__).with_name("ramdisk_files")
COMPRESSION = 12  # of zstd

# Seconds on 2 cores with nothing else running.
REFERENCE = {"lists": 4, "packages": 12, "python": 2, "initrd": 5}

Finish = Callable[[str], None]


def recipe() -> Recipe:
    """Everything this product decides about the ramdisk: its own sources among it."""
    sources = {
        **ramdisk_python.agent_sources(),
        **{file.name: file for file in sorted(Path(__file__).parent.glob("ramdisk*.py"))},
        **{file.name: file for file in sorted(FILES.iterdir())},
    }
    return Recipe.of(
        NAME,
        {name: hashlib.sha256(file.read_bytes()).hexdigest() for name, file in sources.items()},
    )


def build(
    packages: Packages, commands: Commands, finish: Finish, work: Path, output: Path
) -> Product:
    """Make kernel and initrd out of the machine's own mirrors; needs no special rights."""
    tree = work / "tree"
    packages.refresh()
    finish("lists")
    with packages.unchanging():
        kernel = _kernel_package(packages, commands)
        found = packages.unpack([kernel, *PACKAGES], work / "debs", tree)
    finish("packages")
    python = ramdisk_python.compiled_python(tree, commands, work / "python")
    finish("python")
    plain = archive((*_programs(tree), *python, *_modules(tree)))
    initrd = compressed(plain, COMPRESSION, checksum=True, threads=2)
    (output / INITRD_FILE).write_bytes(initrd)
    shutil.copyfile(_only(tree / "boot", "vmlinuz-*"), output / KERNEL_FILE)
    finish("initrd")
    files = {KERNEL_FILE: KERNEL_FILE, INITRD_FILE: INITRD_FILE}
    return Product(files, _versions(found, kernel))


def _kernel_package(packages: Packages, commands: Commands) -> str:
    """The package behind Debian's name for the newest kernel; a machine may have it installed."""
    configuration = packages.folder / "apt.conf"
    answer = commands.read("apt-cache", "-c", configuration, "depends", KERNEL_PACKAGE)
    for line in answer.splitlines():
        if "Depends: linux-image-" in line:
            return line.split()[-1]
    raise RamdiskPartMissing(f"{KERNEL_PACKAGE} names no kernel: {answer}")


def _programs(tree: Path) -> Iterator[Entry]:
    """Busybox, Python's interpreter and extensions, the libraries of both, and our own files."""
    extensions = [ramdisk_python.extension_path(name) for name in ramdisk_python.EXTENSIONS]
    loaded = [find_library(tree, name) for name in LOADED_AT_RUN_TIME]
    dynamic = [tree / path for path in (ramdisk_python.INTERPRETER, *extensions)]
    yield CharacterDevice("/dev/console", 5, 1)
    yield from (RegularFile(f"/{name}/.keep", b"") for name in ("proc", "sys", "run", "tmp"))
    yield RegularFile("/init", (FILES / "init").read_bytes(), 0o755)
    yield RegularFile("/etc/address", (FILES / "address").read_bytes(), 0o755)
    yield RegularFile("/bin/busybox", (tree / "bin/busybox").read_bytes(), 0o755)
    # The kernel itself starts it for a file system it doesn't know yet.
    yield SymbolicLink("/sbin/modprobe", "/bin/busybox")
    yield SymbolicLink("/bin/sh", "busybox")
    for path in (ramdisk_python.INTERPRETER, *extensions):
        yield RegularFile(f"/{path}", (tree / path).read_bytes(), 0o755)
    libraries = closure(tree, [*dynamic, *loaded])
    libraries |= {path.name: path.read_bytes() for path in loaded}
    for name, content in libraries.items():
        yield RegularFile(f"/{library_folders()[0]}/{name}", content, 0o755)
    loader = Path(LOADER).name
    yield SymbolicLink(LOADER, f"/{library_folders()[0]}/{loader}")


def _modules(tree: Path) -> Iterator[Entry]:
    source = _only(tree / "lib/modules", "*")
    modules = ramdisk_modules.choose_modules(source)
    folder = f"/lib/modules/{source.name}"
    for module in modules:
        yield RegularFile(f"{folder}/{module.path}", (source / module.path).read_bytes())
    for name, text in (
        ("modules.dep", ramdisk_modules.dependency_table(modules)),
        ("modules.alias", ramdisk_modules.alias_table(modules)),
    ):
        yield RegularFile(f"{folder}/{name}", text.encode())


def _only(folder: Path, pattern: str) -> Path:
    found = sorted(folder.glob(pattern))
    if len(found) != 1:
        raise RamdiskPartMissing(f"{len(found)} of {pattern} in {folder}")
    return found[0]


def _versions(found: tuple[Package, ...], kernel: str) -> dict[str, str]:
    return {p.name: p.version for p in found if p.name in (kernel, *PACKAGES)}
