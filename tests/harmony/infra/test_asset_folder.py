"""The folder itself; what a download makes of it: `test_asset_download.py`."""

from __future__ import annotations

import hashlib
import os
import threading
import time
from pathlib import Path

import pytest

from harmony.domain.asset import Asset
from harmony.infra.asset_folder import AssetFolder, sha256_of
from harmony.infra.errors import AssetStoreUnusableError
from inventory.contribution import Artifact

pytestmark = pytest.mark.unit

CONTENT = b"a kernel"
ASSET = Asset("kernel", url="file:///k", sha256=hashlib.sha256(CONTENT).hexdigest())


def filled(folder: AssetFolder) -> Path:
    """With a partial file that is whole; where it is."""
    with folder.locked(ASSET, lambda done: None):
        folder.partial(ASSET).write_bytes(CONTENT)
    return folder.partial(ASSET)


def test_adopted_it_is_found(tmp_path: Path) -> None:
    folder = AssetFolder(tmp_path / "assets")
    partial = filled(folder)
    assert folder.find(ASSET) is None
    assert sha256_of(partial) == ASSET.sha256
    found = folder.adopt(ASSET)
    assert found == Artifact("kernel", ASSET.sha256, 8, str(folder.finished(ASSET)))
    assert folder.find(ASSET) == found
    assert not partial.exists()


@pytest.mark.parametrize("harm", ["gone", "longer", "touched", "replaced", "no stamp", "bad stamp"])
def test_what_is_not_as_it_was_is_not_found(tmp_path: Path, harm: str) -> None:
    folder = AssetFolder(tmp_path / "assets")
    filled(folder)
    folder.adopt(ASSET)
    path, stamp = folder.finished(ASSET), tmp_path / "assets" / "verified" / ASSET.sha256
    match harm:
        case "gone":
            path.unlink()
        case "longer":
            path.write_bytes(CONTENT + b"x")
        case "touched":
            os.utime(path, ns=(1, 1))
        case "replaced":
            path.rename(tmp_path / "aside")
            path.write_bytes(CONTENT)
        case "no stamp":
            stamp.unlink()
        case _:
            stamp.write_text("{")
    assert folder.find(ASSET) is None


def test_who_waits_hears_how_far_the_other_is(tmp_path: Path) -> None:
    folder = AssetFolder(tmp_path / "assets")
    heard: list[int] = []
    took = threading.Event()

    def wait() -> None:
        with folder.locked(ASSET, heard.append):
            took.set()

    with folder.locked(ASSET, lambda done: None):
        folder.partial(ASSET).write_bytes(CONTENT)
        other = threading.Thread(target=wait)
        other.start()
        while not heard:
            time.sleep(0.01)
        assert not took.is_set()
    other.join()
    assert took.is_set()
    assert set(heard) == {len(CONTENT)}


def test_all_belongs_to_the_owner(tmp_path: Path) -> None:
    folder = AssetFolder(tmp_path / "cache" / "assets", owner=(1234, 1235))
    filled(folder)
    folder.adopt(ASSET)
    made = [path for path in (tmp_path / "cache").rglob("*") if path.parent.name != "locks"]
    assert {(path.stat().st_uid, path.stat().st_gid) for path in made} == {(1234, 1235)}
    assert tmp_path.stat().st_uid == os.geteuid()


def test_room(tmp_path: Path) -> None:
    folder = AssetFolder(tmp_path)
    folder.require_room(1)
    with pytest.raises(AssetStoreUnusableError, match=r"1000 TB are still to be downloaded, and"):
        folder.require_room(10**15)
