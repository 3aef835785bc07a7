from __future__ import annotations

import asyncio
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from harmony.domain.capability.kubeconfig_store import Kubeconfig
from harmony.infra.errors import KubeconfigUnusableError, UnknownClusterError
from harmony.infra.kubeconfig_files import KubeconfigFiles, kubeconfig_text, kubeconfig_value

pytestmark = pytest.mark.unit

HOME = Kubeconfig(
    cluster="home",
    server="https://api.home.example:6443",
    addresses=("10.7.0.11",),
    ca_certificate="ca\n",
    client_certificate="certificate\n",
    client_key="key\n",
)


def ensure(files: KubeconfigFiles, wanted: Kubeconfig) -> bool:
    return asyncio.run(files.ensure_kubeconfig(wanted)).changed


def test_written_once_and_for_its_owner_only(tmp_path: Path) -> None:
    files = KubeconfigFiles(tmp_path / "ways")
    assert (ensure(files, HOME), ensure(files, HOME)) == (True, False)
    assert stat.S_IMODE(files.path("home").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "ways").stat().st_mode) == 0o700


def test_written_anew_when_it_changes(tmp_path: Path) -> None:
    files = KubeconfigFiles(tmp_path)
    ensure(files, HOME)
    moved = replace(HOME, addresses=("10.7.0.13",))
    assert ensure(files, moved)
    assert files.find("home") == moved


def test_comes_back_as_the_same_value() -> None:
    assert kubeconfig_value("home", kubeconfig_text(HOME)) == HOME


def test_the_only_one_needs_no_name(tmp_path: Path) -> None:
    files = KubeconfigFiles(tmp_path)
    with pytest.raises(UnknownClusterError, match="There are: none"):
        files.find(None)
    ensure(files, HOME)
    assert files.find(None) == HOME
    ensure(files, replace(HOME, cluster="away"))
    with pytest.raises(UnknownClusterError, match="There are: away, home"):
        files.find(None)


def test_a_cluster_of_an_earlier_declaration_does_not_count(tmp_path: Path) -> None:
    ensure(KubeconfigFiles(tmp_path), replace(HOME, cluster="former"))
    files = KubeconfigFiles(tmp_path)
    ensure(files, HOME)
    assert files.find(None) == HOME
    assert files.find("former").cluster == "former"


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff", b'{"clusters": []}'])
def test_something_else_in_the_file_is_told_and_overwritten(tmp_path: Path, content: bytes) -> None:
    files = KubeconfigFiles(tmp_path)
    files.path("home").write_bytes(content)
    with pytest.raises(KubeconfigUnusableError, match="is no kubeconfig of this product"):
        files.find("home")
    assert ensure(files, HOME)
    assert files.find("home") == HOME


def test_a_disk_that_refuses_is_the_operators_concern(tmp_path: Path) -> None:
    (tmp_path / "ways").write_text("no folder")
    with pytest.raises(KubeconfigUnusableError, match="File exists"):
        ensure(KubeconfigFiles(tmp_path / "ways"), HOME)


def test_an_unknown_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownClusterError, match="'far'"):
        KubeconfigFiles(tmp_path).find("far")
