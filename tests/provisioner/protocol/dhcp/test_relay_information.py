from __future__ import annotations

from ipaddress import IPv4Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.protocol.dhcp.message import Message
from provisioner.protocol.dhcp.relay_information import (
    SubOption,
    address_sub_option,
    sub_option,
)
from tests.provisioner.protocol.dhcp.samples import DISCOVER, message

pytestmark = pytest.mark.unit


def relayed(information: bytes) -> Message:
    return message(DISCOVER, options=((82, information),))


def test_what_is_in_it() -> None:
    asked = relayed(b"\x01\x04Gi01\x02\x03sw1\x05\x04\x0a\x08\0\0")
    assert sub_option(asked, SubOption.CIRCUIT_ID) == b"Gi01"
    assert sub_option(asked, SubOption.REMOTE_ID) == b"sw1"
    assert address_sub_option(asked, SubOption.LINK_SELECTION) == IPv4Address("10.8.0.0")
    assert sub_option(asked, SubOption.SERVER_IDENTIFIER_OVERRIDE) is None
    assert sub_option(message(DISCOVER), SubOption.CIRCUIT_ID) is None


@pytest.mark.parametrize("odd", [b"", b"\x01", b"\x01\x05Gi", b"\x05\x03\x0a\x08\0"])
def test_what_is_cut_off_or_no_address_is_nothing(odd: bytes) -> None:
    assert sub_option(relayed(odd), SubOption.CIRCUIT_ID) is None
    assert address_sub_option(relayed(odd), SubOption.LINK_SELECTION) is None


@given(st.binary(max_size=300))
def test_any_bytes_can_be_read(information: bytes) -> None:
    for code in SubOption:
        value = sub_option(relayed(information), code)
        assert value is None or bytes([code, len(value)]) + value in information
