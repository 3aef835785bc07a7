from __future__ import annotations

from pathlib import Path

import pytest

from harmony.infra.openshift_install.program import executable
from inventory.contribution import Artifact

pytestmark = pytest.mark.unit


def artifact(folder: Path, mode: int) -> Artifact:
    path = folder / ("ab" * 32)
    path.write_bytes(b"#!/bin/sh\n")
    path.chmod(mode)
    return Artifact("openshift-install", path.name, 10, str(path))


def test_one_that_may_be_executed_is_taken_where_it_is(tmp_path: Path) -> None:
    found = artifact(tmp_path, 0o755)
    assert executable(found, tmp_path / "programs") == Path(found.path)
    assert not (tmp_path / "programs").exists()


def test_one_of_the_asset_store_is_copied_once(tmp_path: Path) -> None:
    found = artifact(tmp_path, 0o644)
    path = executable(found, tmp_path / "programs")
    assert path == tmp_path / "programs" / found.sha256 / "openshift-install"
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"#!/bin/sh\n", 0o700)
    inode = path.stat().st_ino
    assert executable(found, tmp_path / "programs").stat().st_ino == inode
    assert [one.name for one in path.parent.iterdir()] == ["openshift-install"]


def test_one_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        executable(Artifact("x", "00", 1, str(tmp_path / "x")), tmp_path / "programs")
