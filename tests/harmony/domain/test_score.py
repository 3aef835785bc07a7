from __future__ import annotations

import types
from typing import Any

import pytest

from harmony.domain.score import HasReadiness, HasSmokeTest, HasUpkeep, Score, title
from inventory import Host
from tests.harmony.scripted import Electrician, LitShelfTopology, Picture, Thing

pytestmark = pytest.mark.unit


def test_needs_are_read_from_the_base() -> None:
    assert Picture.needs is LitShelfTopology


def test_a_subclass_needs_what_its_base_needs() -> None:
    class OldPicture(Picture):
        pass

    assert OldPicture.needs is LitShelfTopology


@pytest.mark.parametrize("base", [Score, Score[Any]], ids=["bare", "Any"])
def test_a_score_must_say_what_it_needs(base: Any) -> None:
    with pytest.raises(TypeError, match="Vague must say what it needs"):
        types.new_class("Vague", (base,))


def test_scores_are_values() -> None:
    assert Thing("a") == Thing("a") != Thing("a", "red")
    assert len({Thing("a"), Thing("a"), Thing("b")}) == 2


def test_companions_are_found_by_their_method() -> None:
    companions: tuple[Any, ...] = (HasReadiness, HasSmokeTest, HasUpkeep)
    assert [isinstance(Electrician(), kind) for kind in companions] == [True, True, False]
    assert [isinstance(Picture("m"), kind) for kind in companions] == [False, False, True]


def test_title_names_class_and_thing() -> None:
    assert title(Thing("web")) == 'Thing "web"'


def test_a_list_is_kept_as_a_tuple() -> None:
    from tests.harmony.domain.test_document import Party

    assert Party("p", guests=[Host("w1")]).guests == (Host("w1"),)
    assert Party("p", guests=[Host("w1")]) == Party("p", guests=(Host("w1"),))
