from __future__ import annotations

from pathlib import Path

import pytest

from harmony.infra.openshift_install.errors import AssetsUnusableError, InstallerFailedError
from harmony.infra.openshift_install.plain_folder import contents, plain_folder, put, sweep

pytestmark = pytest.mark.unit


def test_it_is_there_only_meanwhile_and_for_nobody_else(tmp_path: Path) -> None:
    with plain_folder(tmp_path / "scratch", "a@okd") as folder:
        put(folder, "assets/install-config.yaml", "pullSecret")
        assert folder.stat().st_mode & 0o777 == 0o700
        assert (folder / "assets/install-config.yaml").stat().st_mode & 0o777 == 0o600
    assert list((tmp_path / "scratch").iterdir()) == []


def test_it_goes_with_an_error_too(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), plain_folder(tmp_path, "a@okd"):
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_only_the_owners_are_swept(tmp_path: Path) -> None:
    others = ["harmony-installer@a@okd.b@1", "harmony-installer@b@okd@1", "anything"]
    for name in ("harmony-installer@a@okd@1", "harmony-installer@a@okd@2", *others):
        put(tmp_path, f"{name}/file", "secret")
    (tmp_path / "harmony-installer@a@okd@3").symlink_to(tmp_path / "anything")
    assert sweep(tmp_path, "a@okd") == 2
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {*others, "harmony-installer@a@okd@3"}
    assert sweep(tmp_path / "missing", "a@okd") == 0


def test_contents_are_files_only(tmp_path: Path) -> None:
    put(tmp_path, "a", "1")
    put(tmp_path, "b/.c", "2")
    (tmp_path / "d").symlink_to("/etc/passwd")
    assert contents(tmp_path) == {"a": b"1", "b/.c": b"2"}


def test_an_installer_that_writes_without_end_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "log").open("wb") as log:
        log.truncate(65 << 20)
    with pytest.raises(InstallerFailedError, match="more than 64 MiB"):
        contents(tmp_path)


def test_where_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(AssetsUnusableError), plain_folder(tmp_path / "file", "a@okd"):
        pass
    with pytest.raises(AssetsUnusableError):
        put(tmp_path / "file", "a", "1")
