from __future__ import annotations

import re

import pytest

from provisioner.protocol.boot.lifecycle import diagram
from tests.structure.tree import ROOT

pytestmark = pytest.mark.unit

TEXT = (ROOT / "docs/architecture.md").read_text()


def test_the_diagram_is_the_table_of_the_code() -> None:
    assert f"```mermaid\n{diagram().strip()}\n```" in TEXT


def test_the_files_it_names_exist() -> None:
    named = re.findall(r"`((?:[a-z_]+/)+(?:[a-z_]+\.py)?)`", TEXT)
    assert named
    assert [name for name in named if not found(name)] == []


def found(name: str) -> bool:
    return (ROOT / name).exists() or (ROOT / "provisioner" / name).exists()
