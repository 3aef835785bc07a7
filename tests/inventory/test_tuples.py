from __future__ import annotations

import pytest

from inventory import Host, Nic

pytestmark = pytest.mark.unit


def test_a_list_and_a_tuple_make_equal_values() -> None:
    listed, tupled = Host("a", nics=[Nic("m")]), Host("a", nics=(Nic("m"),))
    assert listed == tupled
    assert hash(listed) == hash(tupled)
    assert listed.nics == (Nic("m"),)
