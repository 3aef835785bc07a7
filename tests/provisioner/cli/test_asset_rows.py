from __future__ import annotations

import pytest

from harmony.domain.capability.asset_store import Fetching
from inventory.contribution import Artifact
from provisioner.cli.asset_rows import asset_row
from provisioner.cli.board import Board

pytestmark = pytest.mark.unit

TOLD = (
    Fetching("kernel"),
    Fetching("kernel", 5),
    Fetching("kernel", 7),
    Fetching("kernel", 31, 100, 200.0),
    Fetching("kernel", 38, 100, 180.0),
    Fetching("kernel", 62, 100, 20.0),
    Fetching("kernel", 100, 100, 0.0, verifying=True),
    Artifact("kernel", "0" * 64, 100, "/k"),
    Artifact("kernel", "0" * 64, 100, "/k"),
)


def test_a_line_for_each_tenth_and_one_for_the_end() -> None:
    board, lines = Board(), list[str]()
    for told in TOLD:
        row = asset_row(told)
        board, worth_a_line = board.told(row, 0.0)
        if worth_a_line:
            lines.append(board.rows[(row.kind, row.name)].line())
    assert lines == [
        "asset kernel                   downloading",
        "asset kernel                   downloading 31 % · 31 B of 100 B, about 3 min",
        "asset kernel                   downloading 62 % · 62 B of 100 B, less than a minute",
        "asset kernel                   verifying · 100 B",
        "asset kernel                   finished · 100 B",
    ]
