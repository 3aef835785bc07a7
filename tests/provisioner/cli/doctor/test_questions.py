"""scapy's messages read by our codec, ours by scapy's reader: two implementations that must agree."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.cli.doctor.observation import Asked, Offer
from provisioner.cli.doctor.questions import (
    ACK,
    NAK,
    OFFER,
    discover,
    release,
    reply,
    request,
)
from provisioner.protocol.dhcp.client import Client, ClientKind, identify
from provisioner.protocol.dhcp.decision import Answer
from provisioner.protocol.dhcp.engine import decide
from provisioner.protocol.dhcp.lease import LeaseTable
from provisioner.protocol.dhcp.link import Link, NetbootAnswer, Pool
from provisioner.protocol.dhcp.message import Message, decode, encode
from provisioner.protocol.dhcp.options import MessageType, OptionCode
from provisioner.serve.raw_frame import Datagram, build, parse

pytestmark = pytest.mark.unit

MAC = "02:48:50:07:00:99"
SERVER = IPv4Address("10.7.0.1")
LINK = Link(
    "lan0",
    SERVER,
    IPv4Network("10.7.0.0/24"),
    pool=Pool(IPv4Address("10.7.0.100"), IPv4Address("10.7.0.199")),
    gateway=IPv4Address("10.7.0.254"),
    dns=(SERVER, IPv4Address("10.7.0.2")),
    netboot=NetbootAnswer("http://10.7.0.1"),
)


def heard(frame: bytes) -> Message:
    datagram = parse(frame)
    assert datagram is not None
    assert datagram.destination_port == 67
    return decode(datagram.payload)


def answered(frame: bytes, kind: MessageType | None = None) -> bytes:
    """The frame of our server's answer."""
    decision = decide(heard(frame), LINK, LeaseTable(), 1000.0)
    assert isinstance(decision, Answer)
    assert kind in (None, decision.reply.message_type)
    own, everybody = bytes.fromhex("525400000001"), IPv4Address("255.255.255.255")
    return build(Datagram(own, b"\xff" * 6, SERVER, 67, everybody, 68, encode(decision.reply)))


@pytest.mark.parametrize(
    ("asked", "kind", "architecture"),
    [
        (Asked.BIOS, ClientKind.PXE, 0),
        (Asked.UEFI, ClientKind.PXE, 7),
        (Asked.IPXE, ClientKind.IPXE, 0),
        (Asked.UEFI_HTTP, ClientKind.HTTP_BOOT, 16),
    ],
)
def test_each_kind_is_told_apart(asked: Asked, kind: ClientKind, architecture: int) -> None:
    message = heard(discover(asked, MAC, 7, 3))
    assert (message.xid, message.secs, message.mac) == (7, 3, MAC)
    assert message.message_type is MessageType.DISCOVER
    client: Client = identify(message, MAC)
    assert (client.kind, client.architectures) == (kind, (architecture,))
    assert client.uuid is not None


@pytest.mark.parametrize("asked", Asked)
def test_our_offer_is_read_whole(asked: Asked) -> None:
    told = reply(answered(discover(asked, MAC, 7, 0)), {7: asked}, 0.5)
    assert told is not None
    kind, offer = told
    assert kind == OFFER
    assert offer.program.startswith("http://" if offer.tftp_server == "" else "")
    assert (offer.server, offer.server_mac, offer.source) == (
        "10.7.0.1",
        "52:54:00:00:00:01",
        "10.7.0.1",
    )
    assert (offer.mask, offer.router, offer.dns) == (
        "255.255.255.0",
        "10.7.0.254",
        ("10.7.0.1", "10.7.0.2"),
    )
    assert (offer.lease_time, offer.renewal, offer.rebinding) == (3600, 1800, 3150)
    assert (offer.next_server, offer.after) == ("10.7.0.1", 0.5)
    assert offer.vendor_class == ("HTTPClient" if asked is Asked.UEFI_HTTP else "")


def test_an_offer_is_taken_and_a_wrong_one_refused() -> None:
    told = reply(answered(discover(Asked.IPXE, MAC, 7, 0)), {7: Asked.IPXE}, 0.0)
    assert told is not None
    acknowledged = reply(answered(request(told[1], MAC, 7)), {7: Asked.IPXE}, 0.0)
    assert acknowledged is not None
    assert (acknowledged[0], acknowledged[1].address) == (ACK, told[1].address)
    elsewhere = Offer(Asked.IPXE, "", "10.7.0.1", address="10.9.0.5")
    refused = answered(request(elsewhere, MAC, 7), MessageType.NAK)
    nak = reply(refused, {7: Asked.IPXE}, 0.0)
    assert nak is not None
    assert nak[0] == NAK


def test_an_address_is_given_back() -> None:
    message = decode(release(Offer(Asked.BIOS, "", "10.7.0.1", address="10.7.0.150"), MAC, 7))
    assert message.message_type is MessageType.RELEASE
    assert (message.ciaddr, message.mac) == (IPv4Address("10.7.0.150"), MAC)
    assert message.address_option(OptionCode.SERVER_IDENTIFIER) == SERVER


def test_answers_to_others_are_passed_over() -> None:
    frame = answered(discover(Asked.BIOS, MAC, 7, 0))
    assert reply(frame, {8: Asked.BIOS}, 0.0) is None
    assert reply(discover(Asked.BIOS, MAC, 7, 0), {7: Asked.BIOS}, 0.0) is None


FRAME = answered(discover(Asked.BIOS, MAC, 7, 0))


@given(st.integers(0, len(FRAME) - 1), st.binary(min_size=1, max_size=8), st.booleans())
def test_nothing_that_comes_can_end_it(at: int, garbage: bytes, cut: bool) -> None:
    frame = FRAME[:at] + garbage + (b"" if cut else FRAME[at + len(garbage) :])
    told = reply(frame, {7: Asked.BIOS}, 0.0)
    assert told is None or told[1].asked is Asked.BIOS
