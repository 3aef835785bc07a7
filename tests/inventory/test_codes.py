"""Every code has its long form, and every code in the source is in the registry."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from inventory.codes import Code
from provisioner.cli.explain import explanations

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[2]
FOLDERS = ("inventory", "harmony", "provisioner", "kvm")


def sources() -> str:
    files = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")]
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


def test_every_code_is_explained_and_nothing_else_is() -> None:
    assert sorted(explanations()) == sorted(Code)


def test_every_code_written_in_the_source_is_in_the_registry() -> None:
    written = set(re.findall(r"\bHP0\d{3}\b", sources()))
    assert written <= set(Code)


def test_every_code_of_the_registry_is_used() -> None:
    used = set(re.findall(r"\bCode\.([A-Z_]+)\b", sources()))
    assert {code.name for code in Code} - used == set()
