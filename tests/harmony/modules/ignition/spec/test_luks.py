from __future__ import annotations

import pytest

from harmony.modules.ignition.spec.luks import Luks, Tang

pytestmark = pytest.mark.unit


def test_keys() -> None:
    assert (Luks(name="a").key, Tang(url="http://t").key) == ("a", "http://t")
