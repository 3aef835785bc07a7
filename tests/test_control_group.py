from __future__ import annotations

import pytest

from tests.control_group import PREFIX, control_group, folder_of_all

pytestmark = pytest.mark.protocol


def test_the_next_one_removes_what_a_killed_test_has_left_and_nothing_that_is_used() -> None:
    left = folder_of_all() / f"{PREFIX}left"
    (left / "init.scope").mkdir(parents=True)
    with control_group() as used:
        assert not left.exists()
        with control_group() as other:
            assert other != used
            assert used.is_dir()
        assert not other.exists()
    assert not used.exists()
