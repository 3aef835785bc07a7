from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.protocol.dhcp.decision import (
    Answer,
    Broadcast,
    Destination,
    Drop,
    Reason,
    Unicast,
    UnicastFrame,
)
from provisioner.protocol.dhcp.engine import DISPUTED_FOR, OFFER_HELD_FOR, decide
from provisioner.protocol.dhcp.lease import (
    Bound,
    Declined,
    Lease,
    LeaseTable,
    Offered,
    Released,
)
from provisioner.protocol.dhcp.link import Link
from provisioner.protocol.dhcp.message import Message, encode
from provisioner.protocol.dhcp.options import MessageType, Operation
from tests.provisioner.protocol.dhcp.samples import (
    CP1,
    CP1_ADDRESS,
    DECLINE,
    DISCOVER,
    INFORM,
    LINK,
    LINK_BESIDE_ANOTHER_SERVER,
    NETBOOTS,
    NOW,
    OTHER_SERVER,
    RELEASE,
    REQUEST,
    SERVER,
    STRANGER,
    message,
    packet,
    table,
)
from tests.provisioner.protocol.dhcp.test_message import messages

pytestmark = pytest.mark.unit

SCRIPT = (
    b"http://10.7.0.1/boot.ipxe?mac=52-54-00-07-00-11"
    b"&uuid=${uuid}&serial=${serial:uristring}&platform=${platform}"
)
GUEST = bytes.fromhex("0078563412bc9af0de1122334455667788")
A = IPv4Address("10.7.0.100")


def answered(asked: Message, link: Link = LINK, leases: LeaseTable | None = None) -> Answer:
    decision = decide(asked, link, leases or LeaseTable(), NOW)
    assert isinstance(decision, Answer), decision
    return decision


def dropped(asked: Message, link: Link = LINK, leases: LeaseTable | None = None) -> Drop:
    decision = decide(asked, link, leases or LeaseTable(), NOW)
    assert isinstance(decision, Drop), decision
    return decision


def test_the_whole_offer_to_ovmf() -> None:
    asked = packet("ovmf-pxe-discover")
    assert decide(asked, LINK, LeaseTable(), NOW) == Answer(
        reply=Message(
            op=Operation.BOOTREPLY,
            xid=asked.xid,
            chaddr=bytes.fromhex("525400070011"),
            flags=0x8000,
            yiaddr=CP1_ADDRESS,
            siaddr=SERVER,
            file=b"snponly.efi",
            options=(
                (53, b"\2"),
                (54, b"\x0a\7\0\1"),
                (51, b"\0\0\x0e\x10"),
                (58, b"\0\0\7\x08"),
                (59, b"\0\0\x0c\x4e"),
                (1, b"\xff\xff\xff\0"),
                (6, b"\x0a\7\0\1"),
                (12, b"cp1"),
                (15, b"home.example"),
                (28, b"\x0a\7\0\xff"),
                (66, b"10.7.0.1"),
                (67, b"snponly.efi"),
                (97, GUEST),
            ),
        ),
        destination=Broadcast(),
        lease_change=Offered(Lease(CP1, CP1_ADDRESS, NOW + OFFER_HELD_FOR)),
        reason=Reason.RESERVED,
    )


def test_the_whole_acknowledgement_to_ipxe() -> None:
    asked = packet("seabios-ipxe-request")
    assert decide(asked, LINK, LeaseTable(), NOW) == Answer(
        reply=Message(
            op=Operation.BOOTREPLY,
            xid=asked.xid,
            chaddr=bytes.fromhex("525400070011"),
            yiaddr=CP1_ADDRESS,
            siaddr=SERVER,
            file=SCRIPT,
            options=(
                (53, b"\5"),
                (54, b"\x0a\7\0\1"),
                (51, b"\0\0\x0e\x10"),
                (58, b"\0\0\7\x08"),
                (59, b"\0\0\x0c\x4e"),
                (1, b"\xff\xff\xff\0"),
                (6, b"\x0a\7\0\1"),
                (12, b"cp1"),
                (15, b"home.example"),
                (67, SCRIPT),
                (175, b"\xb0\1\1"),
                (61, bytes.fromhex("01525400070011")),
                (97, GUEST),
            ),
        ),
        destination=UnicastFrame(CP1, CP1_ADDRESS),
        lease_change=Bound(Lease(CP1, CP1_ADDRESS, NOW + 3600)),
        reason=Reason.RESERVED,
    )


@pytest.mark.parametrize(
    "name", ["ovmf-pxe", "ovmf-http-boot", "ovmf-ipxe", "seabios-ipxe", "ovmf-rom-ipxe"]
)
def test_one_mac_has_one_address_at_every_stage(name: str) -> None:
    """Also without a reservation, and with a client identifier at one stage and none at another."""
    link, leases = replace(LINK, reservations={}), LeaseTable()
    first = answered(packet("ovmf-pxe-discover"), link, leases)
    assert first.lease_change is not None
    leases.apply(Bound(Lease(CP1, first.reply.yiaddr, NOW - 10)))
    again = answered(packet(f"{name}-discover"), link, leases)
    plain = answered(message(DISCOVER, CP1, options=((61, b"\xff\0\1"),)), link, leases)
    assert first.reply.yiaddr == again.reply.yiaddr == plain.reply.yiaddr
    assert plain.reason is Reason.LEASED_BEFORE


def test_a_request_is_answered_by_a_server_that_forgot_its_offer() -> None:
    """Offers are not stored: killed between OFFER and REQUEST, nothing is lost."""
    link = replace(LINK, reservations={})
    offer = answered(message(DISCOVER, CP1, options=NETBOOTS), link)
    chosen = message(REQUEST, CP1, server=SERVER, requested=offer.reply.yiaddr, options=NETBOOTS)
    acknowledged = answered(chosen, link, LeaseTable())
    assert acknowledged.reply.message_type is MessageType.ACK
    assert acknowledged.reply.yiaddr == offer.reply.yiaddr


@pytest.mark.parametrize(
    ("asked", "destination"),
    [
        (message(DISCOVER, CP1), UnicastFrame(CP1, CP1_ADDRESS)),
        (message(DISCOVER, CP1, broadcast=True), Broadcast()),
        (
            message(DISCOVER, CP1, giaddr=IPv4Address("10.7.0.254")),
            Unicast(IPv4Address("10.7.0.254"), 67),
        ),
        (message(REQUEST, CP1, ciaddr=CP1_ADDRESS), Unicast(CP1_ADDRESS)),
        (message(REQUEST, CP1, ciaddr=CP1_ADDRESS, broadcast=True), Unicast(CP1_ADDRESS)),
        (message(INFORM, CP1, ciaddr=A), Unicast(A)),
        (message(REQUEST, CP1, requested=A), Broadcast()),
        (message(REQUEST, CP1, ciaddr=A), Broadcast()),
        (
            message(REQUEST, CP1, requested=A, giaddr=IPv4Address("10.7.0.254")),
            Unicast(IPv4Address("10.7.0.254"), 67),
        ),
    ],
)
def test_where_a_reply_goes(asked: Message, destination: Destination) -> None:
    """RFC 2131, 4.1; the last three are DHCPNAKs."""
    assert answered(asked).destination == destination


def test_the_whole_nak() -> None:
    decision = answered(message(REQUEST, CP1, requested=A, options=((61, b"\1x"),)))
    assert decision.reply == Message(
        op=Operation.BOOTREPLY,
        xid=0x1234,
        chaddr=bytes.fromhex("525400070011"),
        options=((53, b"\6"), (54, b"\x0a\7\0\1"), (61, b"\1x")),
    )
    assert (decision.lease_change, decision.reason) == (None, Reason.NOT_ITS_ADDRESS)


def test_a_nak_by_way_of_a_relay_tells_it_to_broadcast() -> None:
    relay = IPv4Address("10.7.0.254")
    reply = answered(message(REQUEST, CP1, requested=A, giaddr=relay)).reply
    assert (reply.message_type, reply.giaddr) == (MessageType.NAK, relay)
    assert reply.wants_broadcast


def test_an_inform_is_given_options_and_no_lease() -> None:
    decision = answered(message(INFORM, CP1, ciaddr=CP1_ADDRESS))
    assert decision.reply.message_type is MessageType.ACK
    assert decision.reply.yiaddr == IPv4Address(0)
    assert decision.reply.option(51) is None
    assert (decision.lease_change, decision.reason) == (None, Reason.INFORMED)


def test_a_release_ends_the_lease_and_is_not_answered() -> None:
    leases = table((STRANGER, "10.7.0.100", 60.0))
    released = message(RELEASE, server=SERVER, ciaddr=A)
    assert dropped(released, leases=leases) == Drop(
        Reason.RELEASED, str(A), Released(STRANGER, A, NOW)
    )
    assert dropped(released).lease_change is None
    theirs = message(RELEASE, server=OTHER_SERVER, ciaddr=A)
    assert dropped(theirs, leases=leases) == Drop(Reason.OTHER_SERVER, "10.7.0.2")


def test_a_decline_counts_from_whom_the_address_was_offered_to() -> None:
    declined = message(DECLINE, server=SERVER, requested=A)
    leases = LeaseTable()
    assert dropped(declined, leases=leases) == Drop(Reason.NOTHING_ON_RECORD, str(A))
    leases.apply(Offered(Lease(STRANGER, A, NOW + 1)))
    assert dropped(declined, leases=leases) == Drop(
        Reason.DECLINED, str(A), Declined(STRANGER, A, NOW + DISPUTED_FOR)
    )
    theirs = message(DECLINE, server=OTHER_SERVER, requested=A)
    assert dropped(theirs, leases=leases).reason is Reason.OTHER_SERVER


def test_what_is_no_clients_message() -> None:
    asked = message(DISCOVER, CP1)
    assert dropped(replace(asked, op=Operation.BOOTREPLY)) == Drop(Reason.NOT_A_REQUEST)
    assert dropped(replace(asked, options=())) == Drop(Reason.NOT_DHCP)
    assert dropped(message(MessageType.OFFER, CP1)) == Drop(Reason.NOT_DHCP)
    assert dropped(replace(asked, htype=32)) == Drop(Reason.NOT_ETHERNET, "type 32, 6 bytes")


links = st.sampled_from([LINK, LINK_BESIDE_ANOTHER_SERVER, replace(LINK, pool=None)])
tables = st.sampled_from(
    [LeaseTable(), table((STRANGER, "10.7.0.100", 60.0)), table((CP1, "10.7.0.101", -60.0))]
)


@given(messages, links, tables)
def test_any_message_is_decided_and_its_reply_can_be_sent(
    asked: Message, link: Link, leases: LeaseTable
) -> None:
    decision = decide(asked, link, leases, NOW)
    if isinstance(decision, Answer):
        encode(decision.reply)


clients = st.builds(
    message,
    st.sampled_from([DISCOVER, REQUEST, INFORM]),
    st.integers(0, 3).map(lambda number: f"0a:00:00:00:02:{number:02x}"),
    server=st.sampled_from([None, SERVER, OTHER_SERVER]),
    requested=st.sampled_from([None, A, CP1_ADDRESS, IPv4Address("192.0.2.1")]),
    ciaddr=st.sampled_from([None, A, IPv4Address("192.0.2.1")]),
    broadcast=st.booleans(),
)


@given(clients, links)
def test_an_unknown_client_never_hears_a_word(asked: Message, link: Link) -> None:
    """Neither declared, nor booting over the network, nor on record: no offer, no ACK, no NAK."""
    assert isinstance(decide(asked, link, LeaseTable(), NOW), Drop)


@given(clients, tables)
def test_beside_another_server_nobody_is_refused(asked: Message, leases: LeaseTable) -> None:
    for mac in (None, CP1, STRANGER):
        chaddr = asked.chaddr if mac is None else bytes.fromhex(mac.replace(":", ""))
        decision = decide(replace(asked, chaddr=chaddr), LINK_BESIDE_ANOTHER_SERVER, leases, NOW)
        if isinstance(decision, Answer):
            assert decision.reply.message_type is not MessageType.NAK
