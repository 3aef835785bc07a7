"""How much memory there is for a lab: what is available, or what its control group may have at most."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kvm.errors import LabDidNotStart

_MIB = 2**20


def available_memory_mib(proc: Path = Path("/proc"), cgroups: Path = Path("/sys/fs/cgroup")) -> int:
    """The least of MemAvailable and the limits of this process's memory cgroups (cgroups(7)): in a
    container that may have less than its machine has, QEMU would be killed for taking more.

    To be asked outside of the lab, which has no cgroups mounted.
    """
    limits = _limits(proc / "self" / "cgroup", cgroups)
    return min((_available(proc / "meminfo"), *limits)) // _MIB


def _available(meminfo: Path) -> int:
    """In bytes; proc(5) counts in KiB."""
    for line in meminfo.read_text().splitlines():
        name, _, rest = line.partition(":")
        if name == "MemAvailable":
            return int(rest.split()[0]) * 1024
    raise LabDidNotStart(f"{meminfo} does not say how much memory is available")


def _limits(memberships: Path, cgroups: Path) -> Iterator[int]:
    for line in memberships.read_text().splitlines():
        number, controllers, path = line.split(":", 2)
        if number == "0":
            yield from _upwards(cgroups, path, "memory.max")
        elif "memory" in controllers.split(","):
            yield from _upwards(cgroups / "memory", path, "memory.limit_in_bytes")


def _upwards(hierarchy: Path, path: str, file: str) -> Iterator[int]:
    """The limits of a cgroup and of those above it, as far as they can be seen from here."""
    folder = hierarchy / path.lstrip("/")
    for at in (folder, *folder.parents):
        if at.is_relative_to(hierarchy) and (at / file).is_file():
            limit = (at / file).read_text().strip()
            if limit != "max":
                yield int(limit)
