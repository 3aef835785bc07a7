"""The whole answers of ProxyDHCP, to what firmware really sends."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address

import pytest
from hypothesis import given

from provisioner.protocol.dhcp.decision import Answer, Broadcast, Decision, Drop, Reason, Unicast
from provisioner.protocol.dhcp.event import (
    BootInformationSent,
    DiscoverHeard,
    NoBootProgram,
    RequestHeard,
)
from provisioner.protocol.dhcp.link import NetbootAnswer
from provisioner.protocol.dhcp.message import Message, Options, decode, encode
from provisioner.protocol.dhcp.options import MessageType, Operation
from provisioner.protocol.dhcp.proxy import acknowledged, offered
from provisioner.protocol.dhcp.proxy_narration import told
from tests.provisioner.protocol.dhcp.samples import (
    CP1,
    DECLINE,
    DISCOVER,
    INFORM,
    NETBOOTS,
    RELEASE,
    REQUEST,
    SERVER,
    message,
    packet,
)
from tests.provisioner.protocol.dhcp.test_message import messages

pytestmark = pytest.mark.unit

SERVED = NetbootAnswer("http://10.7.0.1")
SCRIPT = (
    b"http://10.7.0.1/boot.ipxe?mac=52-54-00-07-00-11"
    b"&uuid=${uuid}&serial=${serial:uristring}&platform=${platform}"
)
UUID = (97, bytes.fromhex("0078563412bc9af0de1122334455667788"))
PXE: Options = ((43, b"\x06\x01\x08\xff"), (60, b"PXEClient"))
IPXE_IDENTIFIER = (61, bytes.fromhex("01525400070011"))  # RFC 6842: what is sent is given back
HTTP: Options = ((60, b"HTTPClient"),)
URL = b"http://10.7.0.1/ipxe/snponly.efi"
CLIENT = (IPv4Address("10.7.0.150"), 68)


@pytest.mark.parametrize(
    ("sent", "file", "own"),
    [
        ("ovmf-pxe", b"snponly.efi", PXE),
        ("ovmf-http-boot", URL, HTTP),
        ("seabios-ipxe", SCRIPT, (*PXE, IPXE_IDENTIFIER)),
        ("ovmf-ipxe", SCRIPT, (*PXE, IPXE_IDENTIFIER)),
    ],
)
def test_the_whole_offer(sent: str, file: bytes, own: Options) -> None:
    """No address, no lease, and no option 175: iPXE goes on at once when the script is here."""
    asked = packet(f"{sent}-discover")
    answer = offered(asked, SERVER, SERVED)
    assert isinstance(answer, Answer)
    assert (answer.destination, answer.lease_change) == (Broadcast(), None)
    assert answer.reply == Message(
        op=Operation.BOOTREPLY,
        xid=asked.xid,
        chaddr=asked.chaddr,
        flags=asked.flags,
        siaddr=SERVER,
        file=file,
        options=answer.reply.options,
    )
    expected = {(53, b"\2"), (54, SERVER.packed), (67, file), UUID, *own}
    assert set(answer.reply.options) == expected
    assert decode(encode(answer.reply)) == answer.reply


@pytest.mark.parametrize("kind", [REQUEST, INFORM])
@pytest.mark.parametrize("port", [68, 4011])
def test_the_boot_server_acknowledges_to_where_it_was_asked_from(
    kind: MessageType, port: int
) -> None:
    asked = message(kind, CP1, ciaddr=CLIENT[0], options=(*NETBOOTS, UUID))
    answer = acknowledged(asked, (CLIENT[0], port), SERVER, SERVED)
    assert isinstance(answer, Answer)
    assert answer.destination == Unicast(CLIENT[0], port)
    assert (answer.reply.ciaddr, answer.reply.yiaddr) == (CLIENT[0], IPv4Address(0))
    expected = {(53, b"\5"), (54, SERVER.packed), (67, b"snponly.efi"), UUID, *PXE}
    assert set(answer.reply.options) == expected


def test_a_relay_is_answered_with_its_information() -> None:
    relay = IPv4Address("10.8.0.1")
    options = (*NETBOOTS, (82, b"\x01\x01\x07"))
    answer = offered(message(DISCOVER, giaddr=relay, options=options), SERVER, SERVED)
    assert isinstance(answer, Answer)
    assert answer.destination == Unicast(relay, 67)
    assert answer.reply.options[-1] == (82, b"\x01\x01\x07")


def dropped(decision: Decision) -> Reason:
    assert isinstance(decision, Drop)
    return decision.reason


ARM = ((60, b"PXEClient:Arch:00011"), (93, b"\0\x0b"))


def test_what_is_not_ours_to_answer() -> None:
    left = Reason.LEFT_TO_THE_SERVER
    for kind in (REQUEST, INFORM, RELEASE, DECLINE):
        assert dropped(offered(message(kind, options=NETBOOTS), SERVER, SERVED)) is left
    for kind in (DISCOVER, RELEASE, DECLINE):
        asked = message(kind, options=NETBOOTS)
        assert dropped(acknowledged(asked, CLIENT, SERVER, SERVED)) is left
    for vendor_class in (b"MSFT 5.0", b"harmony-ramdisk", b""):
        asked = message(DISCOVER, options=((60, vendor_class),))
        assert dropped(offered(asked, SERVER, SERVED)) is left
    asked = message(DISCOVER, options=ARM)
    assert dropped(offered(asked, SERVER, SERVED)) is Reason.NO_BOOT_PROGRAM
    reply = replace(message(DISCOVER, options=NETBOOTS), op=Operation.BOOTREPLY)
    assert dropped(offered(reply, SERVER, SERVED)) is Reason.NOT_A_REQUEST
    token_ring = replace(message(DISCOVER, options=NETBOOTS), htype=6)
    assert dropped(offered(token_ring, SERVER, SERVED)) is Reason.NOT_ETHERNET


@given(messages)
def test_any_message_is_decided_and_told(asked: Message) -> None:
    for decision in (
        offered(asked, SERVER, SERVED),
        acknowledged(asked, CLIENT, SERVER, SERVED),
    ):
        tuple(told(asked, decision))
        if isinstance(decision, Answer):
            assert decision.reply.yiaddr == IPv4Address(0)
            assert len(encode(decision.reply)) <= 1472


def test_what_is_told() -> None:
    discover, request = packet("ovmf-pxe-discover"), message(REQUEST, CP1, options=NETBOOTS)
    heard, sent = told(discover, offered(discover, SERVER, SERVED))
    assert isinstance(heard, DiscoverHeard)
    assert sent == BootInformationSent(CP1, "OFFER", "snponly.efi")
    heard, sent = told(request, acknowledged(request, CLIENT, SERVER, SERVED))
    assert isinstance(heard, RequestHeard)
    assert sent == BootInformationSent(CP1, "ACK", "snponly.efi")
    arm = message(DISCOVER, CP1, options=ARM)
    missing = NoBootProgram(CP1, 11, "PXEClient:Arch:00011", "snponly-arm64.efi, ipxe-arm64.efi")
    assert list(told(arm, offered(arm, SERVER, SERVED))) == [missing]
    plain = message(DISCOVER)
    assert list(told(plain, offered(plain, SERVER, SERVED))) == []


def test_a_host_that_is_declared_to_boot_nothing_from_here_is_told_nothing() -> None:
    asked = packet("ovmf-pxe-discover")
    assert asked.mac is not None
    spared = replace(SERVED, spared=frozenset({asked.mac}))
    assert offered(asked, SERVER, spared) == Drop(Reason.NETBOOT_OFF)
