from __future__ import annotations

from pathlib import Path

import pytest

from harmony.infra.openshift_install.memory_folder import memory_folder

pytestmark = pytest.mark.unit

DISK = Path("/var/lib/provisioner/plain")


@pytest.mark.parametrize(
    ("mounts", "found"),
    [
        ("tmpfs /run tmpfs rw 0 0\ntmpfs /dev/shm tmpfs rw 0 0\n", "/run"),
        ("overlay / overlay rw 0 0\ntmpfs /dev/shm tmpfs rw 0 0\n", "/dev/shm"),
        ("tmpfs /run tmpfs rw 0 0\n/dev/sda1 /run ext4 rw 0 0\n", str(DISK)),
        ("tmpfs /run/user/0 tmpfs rw 0 0\n", str(DISK)),
        ("", str(DISK)),
        ("nonsense\n", str(DISK)),
    ],
)
def test_where(mounts: str, found: str) -> None:
    assert memory_folder(mounts, DISK) == Path(found)
