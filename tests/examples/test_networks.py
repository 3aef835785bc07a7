from __future__ import annotations

import pytest

from provisioner.cli.declaration_file import read_declaration
from tests.structure.tree import ROOT

pytestmark = pytest.mark.unit


def test_nothing_is_wrong_with_it() -> None:
    site = read_declaration(ROOT / "examples/networks.py").require_sound()
    assert [network.name for network in site.networks] == ["office", "hall", "lab"]
