from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmony.infra.manifest_compare import holds

pytestmark = pytest.mark.unit

LIVE = {
    "metadata": {"name": "web", "labels": {"app": "web"}, "resourceVersion": "7"},
    "spec": {"replicas": 2, "containers": [{"name": "a", "image": "b", "pull": "Always"}]},
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@pytest.mark.parametrize(
    ("wanted", "held"),
    [
        ({}, True),
        ({"metadata": {"labels": {"app": "web"}}}, True),
        ({"spec": {"containers": [{"name": "a"}]}}, True),
        ({"spec": {"containers": ({"name": "a"},)}}, True),
        ({"spec": {"replicas": 3}}, False),
        ({"spec": {"containers": []}}, False),
        ({"spec": {"containers": [{"name": "b"}]}}, False),
        ({"spec": {"paused": True}}, False),
        ({"spec": {"args": [], "env": ()}}, True),
        ({"spec": {"containers": [{"name": "a", "path": ""}]}}, True),
        ({"spec": {"containers": [{"name": "a", "image": ""}]}}, False),
        ({"metadata": {"labels": {"quiet": ""}}}, False),
        ({"spec": {"emptyDir": {}}}, False),
        ({"spec": {"paused": None}}, False),
        ({"metadata": {"name": ""}}, False),
        ({"spec": {"containers": {"name": "a"}}}, False),
        ({"metadata": "web"}, False),
    ],
)
def test_has_all_that_is_wanted(wanted: object, held: bool) -> None:
    assert holds(LIVE, wanted) is held


def test_the_order_of_named_items_does_not_count() -> None:
    one, other = {"name": "A", "value": "1"}, {"name": "B"}
    assert holds({"env": [one, other]}, {"env": [other, one]})
    assert not holds({"env": [one, other]}, {"env": [other, {**one, "value": "2"}]})
    assert not holds({"args": ["a", "b"]}, {"args": ["b", "a"]})


@given(JSON)
def test_everything_holds_itself(value: object) -> None:
    assert holds(value, value)


@given(st.dictionaries(st.text(), JSON), st.dictionaries(st.text(), JSON))
def test_more_does_not_matter(wanted: dict[str, object], more: dict[str, object]) -> None:
    assert holds({**more, **wanted}, wanted)
