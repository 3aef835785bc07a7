"""No room, in memory or on the disk: told, nothing half left, and done once there is room again."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from harmony.domain.capability.cluster_installer import InstallationAssetsSpec
from harmony.domain.outcome import Change
from harmony.infra.openshift_install.errors import AssetsUnusableError, InstallerFailedError
from tests.harmony.infra.openshift_install.killed import installer
from tests.harmony.infra.openshift_install.programs import latest, observed, plain, spec, stand_in

pytestmark = pytest.mark.protocol


@contextmanager
def small(folder: Path, kilobytes: int) -> Generator[None]:
    """`folder` has room for so much and no more."""
    folder.mkdir()
    size = f"size={kilobytes}k"
    subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(folder)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def ensure(folder: Path, wanted: InstallationAssetsSpec) -> Change:
    return asyncio.run(installer(folder).ensure_installation_assets(wanted))


@pytest.mark.parametrize("kilobytes", [4, 8, 16, 32])
def test_no_room_for_the_plain_folder(tmp_path: Path, kilobytes: int) -> None:
    program = stand_in(tmp_path / "program")
    with small(tmp_path / "scratch", kilobytes):
        with pytest.raises((AssetsUnusableError, InstallerFailedError)):
            ensure(tmp_path, spec(program))
        assert (observed(installer(tmp_path)).latest, plain(tmp_path)) == (None, [])
    assert ensure(tmp_path, spec(program)).changed


@pytest.mark.parametrize("kilobytes", [4, 8, 16, 40])
def test_no_room_for_what_is_sealed(tmp_path: Path, kilobytes: int) -> None:
    program = stand_in(tmp_path / "program")
    with small(tmp_path / "kept", kilobytes):
        with pytest.raises(AssetsUnusableError, match="No space left on device"):
            ensure(tmp_path, spec(program))
        subprocess.run(["mount", "-o", "remount,size=1m", str(tmp_path / "kept")], check=True)
        assert observed(installer(tmp_path)).latest is None
        assert ensure(tmp_path, spec(program)).changed
        assert latest(installer(tmp_path)).generation == 1
        assert plain(tmp_path) == []
