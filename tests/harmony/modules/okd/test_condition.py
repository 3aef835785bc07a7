from __future__ import annotations

import pytest
from hypothesis import given

from harmony.modules.okd.condition import Condition, conditions, unmet
from tests.harmony.modules.okd.json_values import VALUES

pytestmark = pytest.mark.unit


def test_conditions_by_their_type() -> None:
    told = {"type": "Degraded", "status": "True", "reason": "NoEndpoints", "message": "none\n of 2"}
    found = conditions({"status": {"conditions": [told, {"type": "Available", "status": "False"}]}})
    assert list(found) == ["Degraded", "Available"]
    assert found["Degraded"] == Condition("Degraded", "True", "NoEndpoints", "none\n of 2")
    assert found["Degraded"].words == "Degraded is True: NoEndpoints: none of 2"
    assert found["Available"].words == "Available is False"


@pytest.mark.parametrize(
    "manifest",
    [
        {},
        {"status": None},
        {"status": []},
        {"status": {"conditions": None}},
        {"status": {"conditions": "Available"}},
        {"status": {"conditions": ["Available", {"type": 1, "status": "True"}, {"type": "A"}]}},
    ],
)
def test_what_no_operator_should_write_is_not_there(manifest: dict[str, object]) -> None:
    assert conditions(manifest) == {}


@given(VALUES)
def test_whatever_stands_there_is_read(value: object) -> None:
    for manifest in ({"status": value}, {"status": {"conditions": value}}):
        assert all(name == one.type for name, one in conditions(manifest).items())


def test_what_is_not_as_wanted_in_words() -> None:
    found = {
        "Available": Condition("Available", "True"),
        "Degraded": Condition("Degraded", "Unknown"),
    }
    wanted = {"Available": "True", "Degraded": "False", "Progressing": "False"}
    assert unmet(found, wanted) == ("Degraded is Unknown", "Progressing isn't reported yet")
    assert unmet(found, {"Available": "True"}) == ()
