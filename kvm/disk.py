"""Makes the sparse files that stand for disks, with qemu-img."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from kvm.errors import HypervisorFailed, LabLacksTool
from kvm.machine import VirtualDisk

TOOL_SECONDS = 60.0
"""The bound of one call of qemu-img; it takes milliseconds."""

_GIB = 1024**3


def ensure_disk(disk: VirtualDisk) -> bool:
    """Make `disk` where it isn't there yet; True if it was made. What lies on it is never touched.

    Raises HypervisorFailed where a file of another size or format is in its place.
    """
    path = Path(disk.path)
    if path.exists():
        _compare(disk)
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    # Whoever is killed on the way leaves no half a disk in its place.
    unfinished = path.with_name(f"{path.name}.unfinished")
    _qemu_img("create", "-q", "-f", disk.format.value, str(unfinished), f"{disk.size_gib}G")
    unfinished.replace(path)
    return True


def _compare(disk: VirtualDisk) -> None:
    # A running machine holds the file locked; looking at its size needs no lock.
    found = json.loads(_qemu_img("info", "--force-share", "--output=json", str(disk.path)))
    size, file_format = found.get("virtual-size"), found.get("format")
    if (size, file_format) != (disk.size_gib * _GIB, disk.format.value):
        raise HypervisorFailed(
            f"{disk.path} is a {file_format} disk of {size} bytes,"
            f" where a {disk.format.value} disk of {disk.size_gib} GiB is wanted"
        )


def _qemu_img(*arguments: str) -> str:
    try:
        done = subprocess.run(
            ["qemu-img", *arguments],
            capture_output=True,
            text=True,
            check=True,
            timeout=TOOL_SECONDS,
        )
    except FileNotFoundError as missing:
        raise LabLacksTool("qemu-img is missing (Debian package qemu-utils)") from missing
    except subprocess.CalledProcessError as failed:
        # Its own words begin with its name.
        raise HypervisorFailed(str(failed.stderr).strip()) from failed
    except subprocess.TimeoutExpired as late:
        raise HypervisorFailed(f"qemu-img {arguments[0]} took over {TOOL_SECONDS:.0f} s") from late
    return done.stdout
