"""How much a lab may take, as a machine or a container tells it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kvm.errors import LabDidNotStart
from kvm.lab.memory import available_memory_mib

pytestmark = pytest.mark.unit

GIB = 2**30


def told(root: Path, memberships: str, limits: dict[str, object]) -> int:
    """With 8 GiB available, in these cgroups, with these limit files."""
    (root / "proc" / "self").mkdir(parents=True)
    (root / "proc" / "meminfo").write_text("MemTotal: 9388608 kB\nMemAvailable: 8388608 kB\n")
    (root / "proc" / "self" / "cgroup").write_text(memberships)
    for name, limit in limits.items():
        path = root / "cgroup" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{limit}\n")
    return available_memory_mib(root / "proc", root / "cgroup")


@pytest.mark.parametrize(
    ("memberships", "limits", "mib"),
    [
        ("0::/\n", {}, 8192),
        ("0::/user.slice\n", {"user.slice/memory.max": "max"}, 8192),
        ("0::/a/b\n", {"a/b/memory.max": 3 * GIB, "a/memory.max": 2 * GIB}, 2048),
        ("0::/a\n", {"a/memory.max": 30 * GIB}, 8192),
        # A container that sees its own cgroup as the root of the hierarchy, under a path from outside.
        ("0::/system.slice/docker-1\n", {"memory.max": GIB}, 1024),
        ("4:memory:/x\n0::/\n", {"memory/x/memory.limit_in_bytes": 2 * GIB}, 2048),
        ("4:cpu,memory:/x\n", {"memory/memory.limit_in_bytes": GIB}, 1024),
    ],
)
def test_the_least_of_all(
    tmp_path: Path, memberships: str, limits: dict[str, object], mib: int
) -> None:
    assert told(tmp_path, memberships, limits) == mib


def test_a_kernel_that_does_not_say(tmp_path: Path) -> None:
    (tmp_path / "meminfo").write_text("MemTotal: 1 kB\n")
    with pytest.raises(LabDidNotStart, match="does not say how much memory"):
        available_memory_mib(tmp_path, tmp_path)


def test_this_machine() -> None:
    assert available_memory_mib() > 0
