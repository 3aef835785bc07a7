from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network

import pytest

from provisioner.protocol.dhcp.decision import Answer, Drop, Reason, Unicast
from provisioner.protocol.dhcp.engine import decide
from provisioner.protocol.dhcp.lease import Bound, Lease, LeaseTable
from provisioner.protocol.dhcp.link import Link, Pool
from provisioner.protocol.dhcp.message import Message
from provisioner.protocol.dhcp.options import MessageType
from provisioner.protocol.dhcp.relay import link_of_message
from tests.provisioner.protocol.dhcp.samples import (
    DECLINE,
    DISCOVER,
    INFORM,
    LINK,
    NETBOOTS,
    NOW,
    OTHER_SERVER,
    RELEASE,
    REQUEST,
    SERVER,
    STRANGER,
    message,
)

pytestmark = pytest.mark.unit

RELAY, ELSEWHERE = IPv4Address("10.8.0.1"), IPv4Address("192.0.2.1")
MANAGEMENT = IPv4Address("10.7.0.250")
CLIENT = IPv4Address("10.8.0.100")
FLOOR = Link(
    interface="lan0",
    address=SERVER,
    subnet=IPv4Network("10.8.0.0/24"),
    pool=Pool(CLIENT, IPv4Address("10.8.0.103")),
    gateway=RELAY,
    relays=frozenset({RELAY, MANAGEMENT}),
)
ATTIC = replace(FLOOR, subnet=IPv4Network("10.9.0.0/24"))
SELECTING_FLOOR = (82, b"\x01\x03Gi1\x05\x04\x0a\x08\0\0")
OVERRIDING = (82, b"\x01\x03Gi1\x0b\x04\x0a\x08\0\x01")


@pytest.mark.parametrize(
    ("asked", "about"),
    [
        (message(DISCOVER), LINK),
        (message(DISCOVER, giaddr=MANAGEMENT), LINK),
        (message(DISCOVER, giaddr=ELSEWHERE), LINK),
        (message(DISCOVER, giaddr=RELAY), FLOOR),
        (message(DISCOVER, giaddr=IPv4Address("10.9.0.1")), ATTIC),
        (message(DISCOVER, giaddr=MANAGEMENT, options=(SELECTING_FLOOR,)), FLOOR),
        (message(DISCOVER, options=(SELECTING_FLOOR,)), LINK),
        (message(REQUEST, ciaddr=CLIENT), FLOOR),
        (message(RELEASE, ciaddr=CLIENT), FLOOR),
        (message(INFORM, ciaddr=CLIENT), FLOOR),
        (message(DISCOVER, ciaddr=CLIENT), LINK),
        (message(REQUEST, ciaddr=IPv4Address("10.7.0.100")), LINK),
    ],
)
def test_which_network_a_message_is_about(asked: Message, about: Link) -> None:
    assert link_of_message(asked, LINK, (FLOOR, ATTIC)) is about


def answered(asked: Message, leases: LeaseTable | None = None) -> Answer:
    decision = decide(asked, FLOOR, leases or LeaseTable(), NOW)
    assert isinstance(decision, Answer), decision
    return decision


def test_the_answer_goes_to_the_relay_with_its_information_last() -> None:
    """RFC 2131, 4.1; RFC 3046, 2.2."""
    options = (SELECTING_FLOOR, *NETBOOTS)
    offer = answered(message(DISCOVER, giaddr=MANAGEMENT, options=options))
    assert offer.destination == Unicast(MANAGEMENT, 67)
    assert (offer.reply.giaddr, offer.reply.option(54)) == (MANAGEMENT, SERVER.packed)
    assert offer.reply.yiaddr in FLOOR.subnet
    assert offer.reply.options[-1] == SELECTING_FLOOR


def test_only_the_networks_own_relays_may_speak_for_it() -> None:
    asked = message(DISCOVER, giaddr=IPv4Address("10.8.0.66"), options=NETBOOTS)
    refused = decide(asked, FLOOR, LeaseTable(), NOW)
    assert refused == Drop(Reason.OTHER_NETWORK, "10.8.0.66")


def test_a_relay_may_stand_in_for_the_server() -> None:
    """RFC 5107: so that renewals come by it as well."""
    asked = message(DISCOVER, giaddr=RELAY, options=(OVERRIDING, *NETBOOTS))
    offer = answered(asked)
    assert offer.reply.option(54) == RELAY.packed
    address, leases = offer.reply.yiaddr, LeaseTable()
    chosen = message(
        REQUEST, server=RELAY, requested=address, giaddr=RELAY, options=(OVERRIDING, *NETBOOTS)
    )
    leases.apply(Bound(Lease(STRANGER, address, NOW + 60)))
    assert answered(chosen, leases).reply.message_type is MessageType.ACK
    other = message(REQUEST, server=OTHER_SERVER, requested=address, giaddr=RELAY)
    assert decide(other, FLOOR, leases, NOW) == Drop(Reason.OTHER_SERVER, "10.7.0.2")
    released = message(RELEASE, server=RELAY, ciaddr=address, giaddr=RELAY, options=(OVERRIDING,))
    declined = message(
        DECLINE, server=RELAY, requested=address, giaddr=RELAY, options=(OVERRIDING,)
    )
    for ended in (released, declined):
        assert decide(ended, FLOOR, leases, NOW).lease_change is not None


def test_nobody_else_may() -> None:
    asked = message(DISCOVER, options=(OVERRIDING, *NETBOOTS))
    offer = decide(asked, LINK, LeaseTable(), NOW)
    assert isinstance(offer, Answer)
    assert offer.reply.option(54) == SERVER.packed


def test_a_client_that_renews_past_the_relay_is_answered_itself() -> None:
    leases = LeaseTable([Lease(STRANGER, CLIENT, NOW + 60)])
    renewed = answered(message(REQUEST, ciaddr=CLIENT), leases)
    assert (renewed.destination, renewed.reason) == (Unicast(CLIENT), Reason.RENEWED)
