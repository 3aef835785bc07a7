from __future__ import annotations

import pytest

from inventory import Host
from inventory.checks.finding import finding, first_place, told_already
from inventory.codes import Code
from inventory.diagnostic import Diagnostic, Place
from tests.inventory.written import written

pytestmark = pytest.mark.unit


def test_is_placed_at_the_argument() -> None:
    names, _ = written('w1 = Host("w1", serial="S")')
    place = Place("site.py", 6, 17, 27)
    assert finding(
        Code.INVALID_NAME, "m", names["w1"], "serial", label="l", help="h", notes=["n"]
    ) == Diagnostic(Code.INVALID_NAME, "m", place, "l", ("n",), ("h",))
    assert first_place("it is", names["w1"]) == ("it is at site.py:6",)


def test_without_a_place() -> None:
    assert finding(Code.INVALID_NAME, "m", Host("a"), label="l", help="h").place is None
    assert first_place("it is", Host("a")) == ()


def test_told_already_is_an_empty_text_of_a_refused_value() -> None:
    names, _ = written("refused = Host()\nempty = Host('')")
    assert told_already(names["refused"], names["refused"].name)
    assert not told_already(names["empty"], names["empty"].name)
