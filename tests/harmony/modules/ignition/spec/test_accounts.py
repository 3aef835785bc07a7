from __future__ import annotations

import pytest

from harmony.modules.ignition.spec.accounts import DropIn, Group, Unit, User

pytestmark = pytest.mark.unit


def test_what_has_a_name_is_known_by_it() -> None:
    named = (User(name="u"), Group(name="g"), Unit(name="a.service"), DropIn(name="b.conf"))
    assert [one.key for one in named] == ["u", "g", "a.service", "b.conf"]
