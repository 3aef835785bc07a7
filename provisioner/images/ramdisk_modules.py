"""Which kernel modules the ramdisk carries, and in which order they depend on each other.

Dependencies and aliases come out of each module's own `.modinfo` section, as depmod reads them, so
that no kmod is needed where the ramdisk is built. The tables are in the format busybox modprobe reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from provisioner.images.ramdisk_errors import MissingModule

NETWORK = (
    *("virtio_net", "e1000", "e1000e", "igb", "igc", "igbvf", "ixgbe", "ixgbevf", "i40e", "iavf"),
    *("ice", "bnxt_en", "tg3", "mlx4_en", "mlx5_core", "r8169", "8139cp", "be2net", "qede", "ena"),
    *("vmxnet3", "hv_netvsc", "bonding", "8021q", "af_packet"),
)
STORAGE = (
    *("virtio_blk", "virtio_scsi", "ahci", "ata_piix", "sd_mod", "sr_mod", "nvme"),
    *("megaraid_sas", "mpt3sas", "mpi3mr", "smartpqi", "aacraid", "hpsa", "vmw_pvscsi"),
    *("hv_storvsc", "sdhci_pci", "mmc_block", "usb_storage", "uas"),
)
PLATFORM = ("virtio_pci", "virtio_rng", "xhci_pci", "ehci_pci", "hv_utils", "efivarfs")
FILESYSTEMS = (
    *("vfat", "nls_cp437", "nls_ascii", "nls_iso8859_1", "nls_utf8"),
    *("ext4", "crc32c_generic"),
)
WANTED = (*NETWORK, *STORAGE, *PLATFORM, *FILESYSTEMS)

_SECTION = re.compile(rb"(depends|softdep|alias)=([^\0]*)\0")


@dataclass(frozen=True, slots=True)
class Module:
    """One module file: `path` relative to lib/modules/VERSION; `needs` come before it."""

    name: str
    path: str
    needs: tuple[str, ...]
    aliases: tuple[str, ...]


def module_name(path: str) -> str:
    """The name the kernel gives to the module in the file at `path`."""
    return Path(path).name.removesuffix(".ko").replace("-", "_")


def read_module(path: str, content: bytes) -> Module:
    """Reads `.modinfo` strings (`key=value`, each ended by NUL) out of a module's bytes."""
    needs: list[str] = []
    aliases: list[str] = []
    for key, raw in _SECTION.findall(content):
        value = raw.decode("ascii", "replace")
        if key == b"depends":
            needs += [name.replace("-", "_") for name in value.split(",") if name]
        elif key == b"softdep" and value.startswith("pre:"):
            needs += [name.replace("-", "_") for name in value[4:].split("post:")[0].split()]
        elif key == b"alias":
            aliases.append(value)
    return Module(module_name(path), path, tuple(dict.fromkeys(needs)), tuple(aliases))


def choose_modules(tree: Path, wanted: Iterable[str] = WANTED) -> tuple[Module, ...]:
    """The closure of `wanted` under their dependencies, each after those it needs.

    `tree` is lib/modules/VERSION. A soft dependency the kernel doesn't have is left out, as modprobe does.

    Raises:
        MissingModule: a wanted module is neither in the tree nor built in.
    """
    files = {module_name(str(file)): file for file in sorted(tree.rglob("*.ko"))}
    built_in = {
        module_name(line) for line in (tree / "modules.builtin").read_text().splitlines() if line
    }
    chosen: dict[str, Module] = {}
    for name in wanted:
        if name not in files and name not in built_in:
            raise MissingModule(f"the kernel in {tree.name} has no module {name}")
        _add(name, files, tree, chosen)
    return tuple(chosen.values())


def _add(name: str, files: Mapping[str, Path], tree: Path, chosen: dict[str, Module]) -> None:
    if name in chosen or name not in files:
        return
    file = files[name]
    module = read_module(str(file.relative_to(tree)), file.read_bytes())
    present = tuple(need for need in module.needs if need in files)
    for need in present:
        _add(need, files, tree, chosen)
    chosen[name] = Module(name, module.path, present, module.aliases)


def dependency_table(modules: Iterable[Module]) -> str:
    """modules.dep: `path: direct and indirect needs`, the nearest first."""
    by_name = {module.name: module for module in modules}
    lines: list[str] = []
    for module in by_name.values():
        needs = " ".join(by_name[name].path for name in _closure(module, by_name))
        lines.append(f"{module.path}: {needs}".rstrip() + "\n")
    return "".join(lines)


def _closure(module: Module, by_name: Mapping[str, Module]) -> list[str]:
    order: dict[str, None] = {}
    for need in module.needs:
        order.pop(need, None)
        order[need] = None
        for indirect in _closure(by_name[need], by_name):
            order.pop(indirect, None)
            order[indirect] = None
    return list(order)


def alias_table(modules: Iterable[Module]) -> str:
    """modules.alias: which module a device's modalias asks for."""
    return "".join(
        f"alias {alias} {module.name}\n" for module in modules for alias in module.aliases
    )
