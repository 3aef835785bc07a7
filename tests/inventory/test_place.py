from __future__ import annotations

import dataclasses
import gc

import pytest

from inventory import Host
from inventory.diagnostic import Place
from inventory.place import current_reading, note_origin, place_in, place_like, place_of, refused
from tests.inventory.written import PREAMBLE, written

pytestmark = pytest.mark.unit

FIRST = PREAMBLE.count("\n") + 1


def test_points_at_the_name_called_and_at_arguments() -> None:
    names, _ = written('w1 = Host("w1", serial="S")\n')
    w1 = names["w1"]
    assert place_of(w1) == Place("site.py", FIRST, 6, 10)
    assert place_of(w1, "name") == Place("site.py", FIRST, 11, 15)
    assert place_of(w1, "serial") == Place("site.py", FIRST, 17, 27)
    assert place_of(w1, "address") == place_of(w1), "not written: the call"


def test_columns_count_letters() -> None:
    names, _ = written('ä = "äöü"; w1 = Host("w1")\n')
    assert place_of(names["w1"]) == Place("site.py", FIRST, 17, 21)


def test_a_call_over_several_lines() -> None:
    names, _ = written('w1 = Host(\n    "w1",\n    nics=[\n        Nic("m"),\n    ],\n)\n')
    w1 = names["w1"]
    assert place_of(w1) == Place("site.py", FIRST, 6, 10)
    assert place_of(w1, "nics") == Place("site.py", FIRST + 2, 5, 11)
    assert place_of(w1.nics[0], "mac") == Place("site.py", FIRST + 3, 13, 16)


def test_values_made_in_a_loop_or_by_expansion() -> None:
    names, _ = written('ws = [Host(f"w{n}", **{"serial": "S"}) for n in (1, 2)]\n')
    assert {place_of(host, "serial") for host in names["ws"]} == {Place("site.py", FIRST, 7, 11)}


def test_a_place_is_no_part_of_the_value() -> None:
    names, _ = written('a = Host("w1")\nb = Host("w1")\n')
    a, b = names["a"], names["b"]
    assert (a, hash(a), repr(a)) == (b, hash(b), repr(b))
    assert place_of(a) != place_of(b)
    assert place_of(dataclasses.replace(a)) is None


def test_nothing_is_noted_outside_of_an_execution() -> None:
    assert current_reading() is None
    assert place_of(Host("w1")) is None
    with pytest.raises(TypeError, match="adress"):
        Host("w1", adress="10.7.0.1")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


def test_the_table_forgets_what_is_gone() -> None:
    names, reading = written('a = Host("w1")\n')
    origin = reading.origin(None)
    assert origin is None
    key = id(names["a"])
    names.clear()
    gc.collect()
    others = [Host("w2") for _ in range(1000)]
    assert all(place_of(other) is None for other in others if id(other) == key)


def test_a_place_can_be_noted_by_hand() -> None:
    names, reading = written('a = Host("w1")\n')
    copy = dataclasses.replace(names["a"])
    found = place_of(names["a"])
    assert found
    from inventory.place import Origin

    note_origin(copy, Origin(found, {}))
    assert place_of(copy) == found
    assert not refused(copy)
    assert reading.refusals == []


def test_what_follows_from_a_value_was_written_where_that_was() -> None:
    names, _ = written('a = Host("w1")\n')
    following, unwritten = Host("w1-disk"), Host("w2")
    place_like(following, names["a"])
    place_like(unwritten, Host("nowhere"))
    assert place_of(following, "name") == Place("site.py", FIRST, 10, 14)
    assert place_of(unwritten) is None


def test_place_of_an_instruction() -> None:
    code = compile("x = 1\ny = x +  z\n", "site.py", "exec")
    with pytest.raises(NameError) as caught:
        exec(code, {})
    traceback = caught.value.__traceback__
    assert traceback
    assert traceback.tb_next
    assert place_in(code, traceback.tb_next.tb_lasti, 2) == Place("site.py", 2, 10, 11)
