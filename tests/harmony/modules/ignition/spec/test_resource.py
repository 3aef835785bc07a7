from __future__ import annotations

import pytest

from harmony.modules.ignition.spec.resource import HttpHeader, Resource

pytestmark = pytest.mark.unit


def test_keys() -> None:
    assert HttpHeader(name="Accept", value="a").key == "Accept"
    assert Resource(source="http://a", compression="gzip").key == "http://a"
    assert Resource().key == ""
