"""Compiled modules belong to the sources that they were compiled from, byte by byte, and to no others."""

from __future__ import annotations

from pathlib import Path

import pytest

from provisioner.images.compiled import COMPILED, NAME, PROJECT, modules, recipe

pytestmark = pytest.mark.unit

ENGINE, NETWORK = "provisioner/protocol/dhcp/engine.py", "inventory/network.py"


def tree(folder: Path) -> Path:
    for name in (ENGINE, NETWORK, "provisioner/cli/serve.py"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("x = 1\n")
    return folder


def test_each_pattern_names_something() -> None:
    assert [pattern for pattern in COMPILED if not list(PROJECT.glob(pattern))] == []


def test_modules_go_by_their_names() -> None:
    assert {"provisioner.protocol.dhcp.engine", "provisioner.serve.dhcp_server"} <= set(modules())
    assert [name for name in modules() if "__init__" in name] == []


@pytest.mark.parametrize("name", [ENGINE, NETWORK])
def test_another_source_is_another_build(tmp_path: Path, name: str) -> None:
    """Also one that is only read for its types."""
    folder = tree(tmp_path)
    before = recipe(folder)
    (folder / name).write_text("x = 2\n")
    assert before.name == NAME
    assert recipe(folder).digest != before.digest


def test_one_that_is_not_read_changes_nothing(tmp_path: Path) -> None:
    folder = tree(tmp_path)
    before = recipe(folder)
    (folder / "provisioner/cli/serve.py").write_text("x = 2\n")
    assert recipe(folder) == before
