from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from harmony.infra.openshift_install.errors import (
    AssetsKeptError,
    AssetsUnusableError,
    InstallerAtWorkError,
)
from harmony.infra.openshift_install.installation_store import InstallationStore, Kept
from inventory.errors import ProvisionerBug

pytestmark = pytest.mark.unit

CLUSTER = "okd.home.example"
FIRST = Kept(1, "4.19", "00", 1_000_000.5, {"master.ign": b"\xff\x00{}", "auth/kubeconfig": b""})


@pytest.fixture
def store(tmp_path: Path) -> InstallationStore:
    with InstallationStore(tmp_path).locked(CLUSTER):
        return InstallationStore(tmp_path)


def test_nothing_was_ever_made(tmp_path: Path) -> None:
    store = InstallationStore(tmp_path / "missing")
    assert (store.latest(CLUSTER), store.read(CLUSTER, 1)) == (None, None)


def test_the_latest_generation_and_the_one_before(store: InstallationStore, tmp_path: Path) -> None:
    store.keep(CLUSTER, FIRST)
    second = replace(FIRST, generation=2)
    store.keep(CLUSTER, second)
    assert store.latest(CLUSTER) == second
    assert store.read(CLUSTER, 1) == FIRST
    assert store.latest("other.example") is None
    sealed = b"".join(path.read_bytes() for path in (tmp_path / CLUSTER).iterdir())
    assert b"master.ign" not in sealed
    modes = {path.stat().st_mode & 0o777 for path in (tmp_path / CLUSTER).iterdir()}
    assert modes == {0o600}
    assert "kubeconfig" not in repr(second)


@pytest.mark.parametrize("generation", [0, 1, 3])
def test_no_generation_is_overwritten_or_left_out(
    store: InstallationStore, generation: int
) -> None:
    store.keep(CLUSTER, FIRST)
    with pytest.raises(AssetsKeptError, match="next is 2"):
        store.keep(CLUSTER, replace(FIRST, generation=generation, version="4.20"))
    assert store.latest(CLUSTER) == FIRST


def test_after_a_cluster_came_out_of_one_there_is_no_next(store: InstallationStore) -> None:
    store.keep(CLUSTER, FIRST)
    store.settle(CLUSTER, 1)
    assert store.is_settled(CLUSTER, 1)
    with pytest.raises(AssetsKeptError, match="they are its last"):
        store.keep(CLUSTER, replace(FIRST, generation=2))


@pytest.mark.parametrize("generation", [1, 3])
def test_a_cluster_comes_out_of_the_latest_only(store: InstallationStore, generation: int) -> None:
    store.keep(CLUSTER, FIRST)
    store.keep(CLUSTER, replace(FIRST, generation=2))
    with pytest.raises(AssetsKeptError, match="its latest is 2"):
        store.settle(CLUSTER, generation)


def test_half_a_file_of_a_crash_is_nothing(store: InstallationStore, tmp_path: Path) -> None:
    for name in ("0001.assets.new", "0001.assets.key.new", "1.assets", "x.assets"):
        (tmp_path / CLUSTER / name).write_bytes(b"half")
    assert store.latest(CLUSTER) is None
    store.keep(CLUSTER, FIRST)
    assert store.latest(CLUSTER) == FIRST


def test_a_crash_between_the_key_and_what_it_seals_is_no_hindrance(
    store: InstallationStore, tmp_path: Path
) -> None:
    (tmp_path / CLUSTER / "0001.assets.key").write_bytes(bytes(32))
    assert store.latest(CLUSTER) is None
    store.keep(CLUSTER, FIRST)
    assert store.latest(CLUSTER) == FIRST


def test_a_damaged_one_is_an_error_and_stays(store: InstallationStore, tmp_path: Path) -> None:
    store.keep(CLUSTER, FIRST)
    path = tmp_path / CLUSTER / "0001.assets"
    path.write_bytes(path.read_bytes()[:-1])
    damaged = path.read_bytes()
    with pytest.raises(AssetsUnusableError, match="is damaged"):
        store.latest(CLUSTER)
    with pytest.raises(AssetsKeptError):
        store.keep(CLUSTER, FIRST)
    assert path.read_bytes() == damaged


def test_one_at_a_time(store: InstallationStore) -> None:
    with (
        store.locked(CLUSTER),
        pytest.raises(InstallerAtWorkError, match="is at work"),
        store.locked(CLUSTER),
    ):
        pass
    with store.locked(CLUSTER), store.locked("other.example"):
        pass


def test_the_lock_is_held_by_whoever_has_its_descriptor(store: InstallationStore) -> None:
    with store.locked(CLUSTER) as lock:
        child = os.dup(lock)
    with pytest.raises(InstallerAtWorkError), store.locked(CLUSTER):
        pass
    os.close(child)
    with store.locked(CLUSTER):
        pass


def test_where_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    store = InstallationStore(tmp_path / "file")
    with pytest.raises(AssetsUnusableError), store.locked(CLUSTER):
        pass


@pytest.mark.parametrize("name", ["", "..", "a/b", "/etc", "-a"])
def test_no_domain(tmp_path: Path, name: str) -> None:
    with pytest.raises(ProvisionerBug):
        InstallationStore(tmp_path).latest(name)
