"""The views: lines with a heartbeat, and the table's cells."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console
from rich.text import Text

from provisioner.cli.board import Row, RowChanged, RowKind
from provisioner.cli.views import HEARTBEAT_SECONDS, Lines, LiveTable, Log, Watch, table

pytestmark = pytest.mark.unit


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def texts(out: io.StringIO) -> list[str]:
    return [line.split(" ", 1)[1] for line in out.getvalue().splitlines()]


def test_one_line_per_change() -> None:
    out = io.StringIO()
    watch = Watch((Lines(out, Clock()),), Clock())
    watch.tell(RowChanged(RowKind.HOST, "w1", "discovered"))
    watch.tell(RowChanged(RowKind.HOST, "w1", "discovered"))
    watch.tell(RowChanged(RowKind.HOST, "w1", "inventoried"))
    assert [line.split() for line in texts(out)] == [
        ["host", "w1", "discovered"],
        ["host", "w1", "inventoried"],
    ]


def test_silence_is_broken_by_what_is_still_under_way() -> None:
    out, clock = io.StringIO(), Clock()
    watch = Watch((Lines(out, clock),), clock)
    watch.tell(RowChanged(RowKind.HOST, "w1", "installing"))
    watch.tell(RowChanged(RowKind.HOST, "w2", "ready"))
    clock.now = HEARTBEAT_SECONDS - 1
    watch.beat()
    assert len(texts(out)) == 2
    clock.now = HEARTBEAT_SECONDS
    watch.beat()
    assert texts(out)[-1] == "still: host w1 installing"


def test_where_nothing_is_under_way_nothing_is_said() -> None:
    out, clock = io.StringIO(), Clock()
    watch = Watch((Lines(out, clock),), clock)
    watch.tell(RowChanged(RowKind.HOST, "w1", "ready"))
    watch.tell(RowChanged(RowKind.HOST, "w2", "unseen", "its first network boot", status="spare"))
    watch.tell(RowChanged(RowKind.SCORE, "cluster", "upkeep", "all is well", status="noop"))
    clock.now = HEARTBEAT_SECONDS
    watch.beat()
    assert len(texts(out)) == 3


@pytest.mark.parametrize("status", ["running", "failure"])
def test_upkeep_that_does_not_succeed_is_repeated_before_all_else(status: str) -> None:
    out, clock = io.StringIO(), Clock()
    watch = Watch((Lines(out, clock),), clock)
    for number in range(5):
        watch.tell(RowChanged(RowKind.HOST, f"w{number}", "discovered"))
    watch.tell(RowChanged(RowKind.SCORE, "cluster", "upkeep", "no API server", status=status))
    clock.now = HEARTBEAT_SECONDS
    watch.beat()
    assert texts(out)[-1] == (
        "still: score cluster upkeep · no API server;"
        " host w0 discovered; host w1 discovered; host w2 discovered; 2 more"
    )


@pytest.mark.parametrize(
    ("status", "colour"),
    [("noop", "green"), ("running", "yellow"), ("failure", "bold red"), ("blocked", "dim")],
)
def test_a_scores_colour_is_its_outcomes(status: str, colour: str) -> None:
    said = RowChanged(RowKind.SCORE, "cluster", "upkeep", status=status)
    (cell,) = table((Row(said, 0.0),), 1.0).columns[2].cells
    assert isinstance(cell, Text)
    assert cell.style == colour


def test_the_log_has_every_step_once(tmp_path: Path) -> None:
    with Log(tmp_path / "log") as log:
        watch = Watch((log,), Clock())
        for percent in (1.0, 1.0, 2.0, 2.0, 2.0):
            watch.tell(RowChanged(RowKind.IMAGE, "ramdisk", "building", percent=percent))
        watch.say("done")
    lines = (tmp_path / "log").read_text().splitlines()
    assert [line.split(" ", 2)[2].split() for line in lines] == [
        ["image", "ramdisk", "building", "1", "%"],
        ["image", "ramdisk", "building", "2", "%"],
        ["done"],
    ]


def test_the_log_is_no_larger_than_it_may_be(tmp_path: Path) -> None:
    with Log(tmp_path / "the.log", largest=1000) as log:
        for number in range(100):
            log.say(f"line {number}")
    sizes = {path.name: path.stat().st_size for path in tmp_path.iterdir()}
    assert set(sizes) == {"the.log", "the.older.log"}
    assert all(size < 1100 for size in sizes.values())
    assert (tmp_path / "the.log").read_text().splitlines()[-1].endswith("line 99")


def test_the_table_says_how_long() -> None:
    out = io.StringIO()
    with LiveTable(Console(file=out, width=100), Clock()) as live:
        watch = Watch((live,), Clock())
        watch.tell(RowChanged(RowKind.HOST, "w1", "installing", "writing", 50.0))
        watch.say("a sentence")
    assert "installing 50 %" in out.getvalue()
    assert "a sentence" in out.getvalue()


def test_an_empty_table_has_only_its_headings() -> None:
    assert table((), 0.0).row_count == 0


def test_words_are_no_markup() -> None:
    out = io.StringIO()
    reason = "no disk that may be written [/dev/vda] has [red]data"
    with LiveTable(Console(file=out, width=200), Clock()) as live:
        Watch((live,), Clock()).tell(RowChanged(RowKind.HOST, "[/w1]", "failed", reason))
    assert reason in out.getvalue()
    assert "[/w1]" in out.getvalue()
