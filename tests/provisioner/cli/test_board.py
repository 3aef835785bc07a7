"""The board: what is worth a line, and in which order rows stand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from provisioner.cli.board import Board, RowChanged, RowKind

pytestmark = pytest.mark.unit

HOST = RowKind.HOST


@pytest.mark.parametrize(
    ("before", "after", "worth"),
    [
        (("installing", "", 10.0), ("installing", "", 14.0), False),
        (("installing", "", 19.0), ("installing", "", 20.0), True),
        (("installing", "", None), ("installed", "", None), True),
        (("assigned", "waiting for node image", None), ("assigned", "no disk", None), True),
        (("ready", "", None), ("ready", "", None), False),
        (
            ("assigned", "waiting for node-image, 59 %, about 2 min", None),
            ("assigned", "waiting for node-image, 61 %, about 1 min", None),
            False,
        ),
        (("waiting", "0 of 2 pods ready", None), ("waiting", "1 of 2 pods ready", None), True),
    ],
)
def test_a_change_is_worth_a_line(
    before: tuple[str, str, float | None], after: tuple[str, str, float | None], worth: bool
) -> None:
    board, first = Board().told(RowChanged(HOST, "cp1", *before), 1.0)
    _, second = board.told(RowChanged(HOST, "cp1", *after), 2.0)
    assert (first, second) == (True, worth)


def test_what_becomes_of_an_upkeep_is_worth_a_line() -> None:
    upkeep = RowChanged(RowKind.SCORE, "cluster", "upkeep", "no API server", status="running")
    board, _ = Board().told(upkeep, 1.0)
    assert board.told(replace(upkeep, status="failure"), 2.0)[1]


def test_a_row_keeps_the_time_its_state_began() -> None:
    board, _ = Board().told(RowChanged(HOST, "cp1", "installing", percent=1), 10.0)
    board, _ = board.told(RowChanged(HOST, "cp1", "installing", percent=50), 20.0)
    assert board.in_order()[0].since == 10.0
    board, _ = board.told(RowChanged(HOST, "cp1", "installed"), 30.0)
    assert board.in_order()[0].since == 30.0


def test_rows_stand_by_kind_then_by_first_appearance() -> None:
    board = Board()
    for kind, name in [
        (RowKind.SCORE, "Deployment hello"),
        (HOST, "w1"),
        (RowKind.IMAGE, "ramdisk"),
        (HOST, "cp1"),
    ]:
        board, _ = board.told(RowChanged(kind, name, "queued"), 0.0)
    assert [row.said.name for row in board.in_order()] == [
        "ramdisk",
        "w1",
        "cp1",
        "Deployment hello",
    ]


def test_the_line_of_a_row() -> None:
    board, _ = Board().told(RowChanged(HOST, "w1", "installing", "writing the image", 61.4), 0.0)
    assert board.in_order()[0].line() == (
        "host  w1                       installing 61 % · writing the image"
    )
