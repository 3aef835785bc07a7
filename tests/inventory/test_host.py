from __future__ import annotations

import pytest

from inventory import Host, Nic

pytestmark = pytest.mark.unit


def test_boots_from_its_first_card() -> None:
    assert Host("a", [Nic("m"), Nic("n")]).boot_nic == Nic("m")
    assert Host("a").boot_nic is None
