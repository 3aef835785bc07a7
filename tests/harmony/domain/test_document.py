from __future__ import annotations

from typing import Any

import pydantic
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import override

from harmony.domain.document import UnknownKindError, digest, from_document, kind_of, to_document
from harmony.domain.interpret import Interpret
from harmony.domain.score import Many, Score
from inventory import AnyBlank, Host, MayWipe, Nic
from tests.harmony.scripted import Put, ShelfTopology, Thing

pytestmark = pytest.mark.unit


@pydantic.dataclasses.dataclass(frozen=True)
class Party(Score[ShelfTopology]):
    """A Score with hosts in it."""

    name: str
    guests: Many[Host] = ()
    rounds: int = 1

    @override
    def key(self) -> str:
        return f"party/{self.name}"

    @override
    def interpret(self) -> Interpret[ShelfTopology]:
        return Put(self.name)


guests = st.builds(
    Host,
    st.text(),
    st.lists(st.builds(Nic, st.text(), st.none() | st.text()), max_size=2),
    install_on=st.sampled_from([None, AnyBlank(), AnyBlank(20), MayWipe(), MayWipe(20)]),
)
scores = st.builds(Thing, st.text(), st.text()) | st.builds(
    Party, st.text(), st.lists(guests, max_size=3), st.integers(-(2**40), 2**40)
)


@given(scores)
def test_there_and_back(score: Score[Any]) -> None:
    back = from_document(to_document(score), [Thing, Party])
    assert (back, type(back), digest(back)) == (score, type(score), digest(score))


@given(scores, scores)
def test_digests_are_equal_where_scores_are(one: Score[Any], other: Score[Any]) -> None:
    assert (digest(one) == digest(other)) == (one == other)


def test_document_in_full() -> None:
    assert to_document(Thing("web", "red")) == {
        "kind": "tests.harmony.scripted.Thing",
        "name": "web",
        "colour": "red",
    }


@pytest.mark.parametrize(
    "document",
    [
        {"kind": kind_of(Party), "name": "p"},
        {"kind": "os.system", "name": "p"},
        {"name": "p"},
        {"kind": kind_of(Thing)},
        {"kind": kind_of(Thing), "name": 5},
    ],
    ids=["not in the list", "not a Score", "no kind", "lacks a field", "wrong type"],
)
def test_other_documents_are_refused(document: dict[str, Any]) -> None:
    with pytest.raises(UnknownKindError):
        from_document(document, [Thing])
