from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
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
    assert {one.name for one in path.parent.iterdir()} == {"lock", "openshift-install"}


def test_half_a_copy_is_never_taken_for_the_program(tmp_path: Path) -> None:
    found = artifact(tmp_path, 0o644)
    folder = tmp_path / "programs" / found.sha256
    folder.mkdir(parents=True)
    (folder / "openshift-install.new").write_bytes(b"#!/bin/sh\nhalf, and longer than the whole")
    assert executable(found, tmp_path / "programs").read_bytes() == b"#!/bin/sh\n"


def test_two_at_once_have_one_copy(tmp_path: Path) -> None:
    found = artifact(tmp_path, 0o644)
    Path(found.path).write_bytes(b"#!/bin/sh\n" + bytes(5_000_000))
    with ThreadPoolExecutor(4) as threads:
        copies = [threads.submit(executable, found, tmp_path / "programs") for _ in range(4)]
    assert len({copy.result().stat().st_ino for copy in copies}) == 1
    assert copies[0].result().stat().st_size == 5_000_010


def test_one_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        executable(Artifact("x", "00", 1, str(tmp_path / "x")), tmp_path / "programs")
