"""The guide lists every check, in the words of the catalogue."""

from __future__ import annotations

import pytest

from harmony.modules.preflight.catalogue import SITE_STAGE
from tests.structure.tree import ROOT

pytestmark = pytest.mark.unit


def test_the_table_is_the_catalogue() -> None:
    rows = [f"| `{kind.id}` | {kind.group} | {kind.asks} |" for kind in SITE_STAGE]
    table = "\n".join(("| check | of | asks |", "| --- | --- | --- |", *rows, ""))
    assert (ROOT / "docs/guides/preflight.md").read_text().endswith(f"\n\n{table}")
