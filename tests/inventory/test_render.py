from __future__ import annotations

import pytest

from inventory.diagnostic import Diagnostic, Place, Severity
from inventory.render import count, render, render_all

pytestmark = pytest.mark.unit

SOURCE = "lan = 1\n\tx = y\n"


def found(line: int = 1, label: str = "why") -> Diagnostic:
    place = Place("site.py", line, 1, 4)
    return Diagnostic("HP0001", "what", place, label, ("a note", "another"), ("do this",))


def test_in_full() -> None:
    assert (
        render(found(), {"site.py": SOURCE})
        == """\
error[HP0001]: what
 --> site.py:1:1
  |
1 | lan = 1
  | ^^^ why
  = note: a note
  = note: another
  = help: do this"""
    )


def test_the_gutter_is_as_wide_as_the_line_number() -> None:
    assert (
        render(found(12, label=""), {"site.py": "\n" * 11 + "lan = 1"})
        == """\
error[HP0001]: what
  --> site.py:12:1
   |
12 | lan = 1
   | ^^^
   = note: a note
   = note: another
   = help: do this"""
    )


def test_without_the_source() -> None:
    expected = [
        "error[HP0001]: what",
        " --> site.py:9:1",
        "  = note: a note",
        "  = note: another",
        "  = help: do this",
    ]
    assert render(found(9), {}).split("\n") == expected
    assert render(found(9), {"site.py": SOURCE}).split("\n") == expected


def test_without_a_place() -> None:
    warning = Diagnostic("HP0001", "what", label="why", severity=Severity.WARNING)
    assert render(warning, {}) == "warning[HP0001]: what\n = why"


def test_a_tab_is_one_column() -> None:
    lines = render(Diagnostic("HP0001", "m", Place("site.py", 2, 2, 3)), {"site.py": SOURCE})
    assert lines.split("\n")[-2:] == ["2 |  x = y", "  |  ^"]


def test_an_underline_stays_in_its_line() -> None:
    lines = render(Diagnostic("HP0001", "m", Place("site.py", 1, 7, 99)), {"site.py": SOURCE})
    assert lines.split("\n")[-1] == "  |       ^"


def test_in_colour() -> None:
    assert render(found(), {"site.py": SOURCE}, colour=True) == "\n".join(
        [
            "\x1b[1;31merror[HP0001]\x1b[0m\x1b[1m: what\x1b[0m",
            " \x1b[1;34m-->\x1b[0m site.py:1:1",
            "  \x1b[1;34m|\x1b[0m",
            "\x1b[1;34m1\x1b[0m \x1b[1;34m|\x1b[0m lan = 1",
            "  \x1b[1;34m|\x1b[0m \x1b[1;31m^^^ why\x1b[0m",
            "  \x1b[1;34m=\x1b[0m \x1b[1mnote:\x1b[0m a note",
            "  \x1b[1;34m=\x1b[0m \x1b[1mnote:\x1b[0m another",
            "  \x1b[1;34m=\x1b[0m \x1b[1mhelp:\x1b[0m do this",
        ]
    )


def test_all_with_a_count() -> None:
    error, warning = Diagnostic("HP0001", "a"), Diagnostic("HP0002", "b", severity=Severity.WARNING)
    assert render_all([error, warning, error], {}) == (
        "error[HP0001]: a\n\nwarning[HP0002]: b\n\nerror[HP0001]: a\n\n2 errors, 1 warning"
    )
    assert count([]) == "nothing found"
