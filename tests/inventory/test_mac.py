from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.mac import normal_mac

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    "written",
    ["52:54:00:07:00:1A", "52-54-00-07-00-1a", "5254.0007.001a", "52540007001a", " 5254000 7001a"],
)
def test_usual_spelling(written: str) -> None:
    if written.startswith(" "):
        with pytest.raises(ValueError, match="not a MAC address"):
            normal_mac(written)
    else:
        assert normal_mac(written) == "52:54:00:07:00:1a"


@given(st.binary(min_size=6, max_size=6))
def test_every_address_in_every_spelling(octets: bytes) -> None:
    usual = octets.hex(":")
    assert {normal_mac(octets.hex()), normal_mac(octets.hex("-")), normal_mac(usual.upper())} == {
        usual
    }


@given(st.text())
def test_anything_else_is_refused(text: str) -> None:
    try:
        assert len(normal_mac(text)) == 17
    except ValueError as error:
        assert "is not a MAC address" in str(error)  # noqa: PT017  most texts are none
