"""Small trees that look like /sys, /proc and /dev, for the readers of hardware."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from provisioner.agent.hardware import Roots


def roots_in(folder: Path) -> Roots:
    """Empty trees in `folder`."""
    roots = Roots(folder / "sys", folder / "proc", folder / "dev")
    for place in ("sys/block", "sys/class/net", "sys/devices", "proc", "dev"):
        (folder / place).mkdir(parents=True)
    return roots


def write_files(folder: Path, files: Mapping[str, str | bytes]) -> None:
    """Files below `folder`; texts end as sysfs's do."""
    for path, content in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else f"{content}\n".encode())


def add_disk(roots: Roots, name: str, content: bytes, files: Mapping[str, str | bytes]) -> None:
    """A disk whose device node is a plain file."""
    defaults = {"size": str(len(content) // 512), "removable": "0", "ro": "0"}
    write_files(roots.sys / "block" / name, {**defaults, **files})
    (roots.dev / name).write_bytes(content)


def add_card(roots: Roots, name: str, driver: str, files: Mapping[str, str | bytes]) -> None:
    """A network card; without a driver it is virtual and has no device."""
    write_files(roots.sys / "class" / "net" / name, {"type": "1", **files})
    if driver:
        device = roots.sys / "devices" / f"of-{name}"
        device.mkdir(parents=True)
        (device / "driver").symlink_to(f"../../bus/pci/drivers/{driver}")
        (roots.sys / "class" / "net" / name / "device").symlink_to(device)
