from __future__ import annotations

import dns.message
import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.protocol.dns.kept_answers import KeptAnswers
from provisioner.protocol.dns.reply import Answered

pytestmark = pytest.mark.unit

QUERY = dns.message.make_query("cp1.home.example.", "A", id=0).to_wire()


def answered(text: str, turns: int = 1, lasts: float = 10.0) -> Answered:
    return Answered(text.encode(), text, "A", "NOERROR", turns, lasts)


def with_id(id: int, query: bytes = QUERY) -> bytes:
    return id.to_bytes(2) + query[2:]


def test_an_answer_is_kept_for_every_id_as_long_as_it_lasts() -> None:
    kept = KeptAnswers()
    assert kept.get(QUERY, 0.0) is None
    kept.put(QUERY, answered("one"), 0.0)
    assert kept.get(with_id(0xBEEF), 9.9) == answered("one")
    assert kept.get(QUERY, 10.0) is None
    kept.put(QUERY, answered("two"), 10.0)
    assert kept.get(QUERY, 11.0) == answered("two")
    kept.clear()
    assert kept.get(QUERY, 11.0) is None


def test_every_turn_is_kept_by_itself() -> None:
    kept = KeptAnswers()
    kept.put(with_id(3), answered("second", turns=2), 0.0)
    assert kept.get(with_id(2), 1.0) is None
    kept.put(with_id(2), answered("first", turns=2), 5.0)
    assert kept.get(with_id(4), 6.0) == answered("first", turns=2)
    assert kept.get(with_id(5), 6.0) == answered("second", turns=2)
    assert kept.get(with_id(4), 10.0) is None, "a later turn makes no earlier one last longer"


def test_other_bytes_are_another_query() -> None:
    """Letters of another case, another type, EDNS: whatever an answer could depend on."""
    kept = KeptAnswers()
    kept.put(QUERY, answered("one"), 0.0)
    assert kept.get(QUERY.replace(b"cp1", b"Cp1"), 1.0) is None
    assert kept.get(QUERY + b"\0", 1.0) is None


def test_what_does_not_last_or_is_long_is_not_kept() -> None:
    kept = KeptAnswers()
    long = QUERY + bytes(400)
    kept.put(QUERY, answered("one", lasts=0.0), 0.0)
    kept.put(long, answered("one"), 0.0)
    kept.put(QUERY, answered("one" * 500), 0.0)
    assert kept.get(QUERY, 0.0) is kept.get(long, 0.0) is None


@given(st.lists(st.integers(0, 65_535), max_size=20), st.integers(1, 5))
def test_the_answer_is_always_that_of_its_turn(ids: list[int], turns: int) -> None:
    kept = KeptAnswers()
    for id in ids:
        right = answered(str(id % turns), turns)
        found = kept.get(with_id(id), 0.0)
        assert found in (None, right)
        if found is None:
            kept.put(with_id(id), right, 0.0)
