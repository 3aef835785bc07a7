"""A private apt: the machine's mirrors, nothing of the machine changed."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from inventory.errors import OperatorError
from provisioner.images.commands import Commands
from provisioner.images.packages import Packages, machine_sources, tree_recipe

pytestmark = pytest.mark.protocol

STATUS = Path("/var/lib/dpkg/status")


def _apt(folder: Path) -> None:
    """A machine's /etc/apt with both formats."""
    (folder / "sources.list.d").mkdir(parents=True)
    (folder / "sources.list").write_text("deb http://a.example/debian bookworm main\n")
    stanza = (
        "Types: deb\nURIs: http://b.example/debian\nSuites: bookworm-updates\nComponents: main\n"
    )
    (folder / "sources.list.d" / "b.sources").write_text(stanza)
    (folder / "sources.list.d" / "c.list").write_text("deb http://c.example/ nodistro main\n")


def test_sources_of_both_formats_are_found(tmp_path: Path) -> None:
    _apt(tmp_path)
    assert [s.uris[0] for s in machine_sources(tmp_path)] == [
        "http://a.example/debian",
        "http://b.example/debian",
    ]


def test_a_machine_without_debians_sources_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="bookworm, main"):
        machine_sources(tmp_path)


def test_a_tree_hangs_on_its_names_and_on_what_the_machine_has(tmp_path: Path) -> None:
    status = tmp_path / "status"
    status.write_text("Package: libc6\nStatus: install ok installed\n\nPackage: dpkg\n")
    recipe = tree_recipe(["b", "a"], status)
    assert tree_recipe(["a", "b", "a"], status) == recipe
    assert tree_recipe(["a"], status) != recipe
    status.write_text("Package: libc6\n")
    assert tree_recipe(["b", "a"], status) != recipe


def test_lists_stay_while_something_is_looked_up_in_them(tmp_path: Path) -> None:
    commands = Commands(tmp_path / "log", lambda _line: None, dict(os.environ))
    packages = Packages(tmp_path, commands, etc_apt=tmp_path / "no sources")
    with ThreadPoolExecutor(1) as pool:
        with packages.unchanging():
            refreshing = pool.submit(packages.refresh)
            with pytest.raises(TimeoutError):
                refreshing.result(0.3)
            with packages.unchanging():  # whoever only looks doesn't queue behind it
                assert not refreshing.done()
        with pytest.raises(OperatorError, match="no source"):
            refreshing.result(30)


def test_a_package_is_unpacked_with_its_content_and_the_machine_is_left_alone(
    tmp_path: Path,
) -> None:
    """The one test that goes to the machine's mirror."""
    before = STATUS.read_bytes()
    commands = Commands(tmp_path / "log", lambda _line: None, dict(os.environ))
    packages = Packages(tmp_path / "apt", commands)
    packages.refresh()
    found = packages.unpack(["busybox-static"], tmp_path / "debs", tmp_path / "tree")
    assert [package.name for package in found] == ["busybox-static"]
    busybox = tmp_path / "tree" / "bin" / "busybox"
    assert "httpd" in commands.read(busybox, "--list").split()
    assert list((tmp_path / "debs").iterdir()) == []
    assert STATUS.read_bytes() == before
