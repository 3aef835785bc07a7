from __future__ import annotations

import asyncio
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from harmony.domain.capability.kubeconfig_store import Kubeconfig
from harmony.infra.errors import UnknownClusterError
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


def test_an_unknown_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownClusterError, match="'far'"):
        KubeconfigFiles(tmp_path).find("far")
