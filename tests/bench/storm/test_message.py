"""What machines say, read by our own codec, and what they read of any answer."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.storm.message import ACK, Answer, Stage, answer_in, mac_of, question
from provisioner.protocol.dhcp.client import ClientKind, identify
from provisioner.protocol.dhcp.message import decode, encode
from provisioner.protocol.dhcp.options import Operation

pytestmark = pytest.mark.unit

ADDRESS, SERVER = IPv4Address("10.17.0.5"), IPv4Address("10.16.0.1")


@pytest.mark.parametrize(
    "stage, kind", [(Stage.PXE, ClientKind.PXE), (Stage.IPXE, ClientKind.IPXE)]
)
def test_it_is_taken_for_what_it_plays(stage: Stage, kind: ClientKind) -> None:
    message = decode(question(7, stage))
    assert identify(message, mac_of(7).hex(":")).kind is kind
    assert message.chaddr[:6] == mac_of(7)
    assert message.xid == 7


def test_a_request_names_the_address_and_the_server() -> None:
    message = decode(question(7, Stage.PXE, ADDRESS.packed, SERVER.packed))
    assert (message.address_option(50), message.address_option(54)) == (ADDRESS, SERVER)


def test_an_answer_is_read() -> None:
    asked = decode(question(7, Stage.PXE))
    options = ((53, bytes([ACK])), (54, SERVER.packed), (67, b"undionly.kpxe"))
    reply = replace(asked, op=Operation.BOOTREPLY, options=options, yiaddr=ADDRESS, siaddr=SERVER)
    expected = Answer(7, ACK, ADDRESS.packed, SERVER.packed, SERVER.packed, "undionly.kpxe")
    assert answer_in(encode(reply)) == expected


@given(st.binary(max_size=400))
def test_anything_else_is_none(payload: bytes) -> None:
    assert answer_in(payload) is None
    answer_in(b"\x02" + payload)
