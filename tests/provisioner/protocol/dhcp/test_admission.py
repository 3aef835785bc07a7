from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address

import pytest

from provisioner.protocol.dhcp.admission import (
    may_refuse,
    only_our_choice,
    only_our_clients,
    only_running_leases,
    only_this_network,
)
from provisioner.protocol.dhcp.decision import Drop, Reason
from provisioner.protocol.dhcp.link import Link, Reservation
from provisioner.protocol.dhcp.message import Message
from provisioner.protocol.dhcp.question import Refusal, ReplyDraft
from tests.provisioner.protocol.dhcp.samples import (
    CP1,
    CP1_ADDRESS,
    DISCOVER,
    INFORM,
    LINK,
    LINK_BESIDE_ANOTHER_SERVER,
    LINK_NOT_PROBED_YET,
    LINK_OF_THE_SECOND,
    NETBOOTS,
    OTHER_SERVER,
    REQUEST,
    SERVER,
    STRANGER,
    message,
    question,
    table,
)

pytestmark = pytest.mark.unit

DRAFT = ReplyDraft()
RUNNING = table((STRANGER, "10.7.0.100", 60.0))
EXPIRED = table((STRANGER, "10.7.0.100", -60.0))
PLAIN = message(DISCOVER)
NETBOOTING = message(DISCOVER, options=NETBOOTS)
RAMDISK = message(DISCOVER, options=((60, b"harmony-ramdisk"),))
DECLARED = message(DISCOVER, CP1)


def test_a_relay_of_another_network_is_not_answered() -> None:
    elsewhere = message(DISCOVER, CP1, giaddr=IPv4Address("192.0.2.1"))
    here = message(DISCOVER, CP1, giaddr=IPv4Address("10.7.0.254"))
    assert only_this_network(question(elsewhere), DRAFT) == Drop(Reason.OTHER_NETWORK, "192.0.2.1")
    assert only_this_network(question(here), DRAFT) is DRAFT
    assert only_this_network(question(DECLARED), DRAFT) is DRAFT


def test_the_answer_to_an_inform_is_not_sent_anywhere_in_the_world() -> None:
    here = message(INFORM, CP1, ciaddr=CP1_ADDRESS)
    elsewhere = message(INFORM, CP1, ciaddr=IPv4Address("192.0.2.7"))
    assert only_this_network(question(here), DRAFT) is DRAFT
    assert only_this_network(question(elsewhere), DRAFT) == Drop(
        Reason.ADDRESS_ELSEWHERE, "192.0.2.7"
    )


def test_who_chose_another_server_is_left_to_it() -> None:
    theirs = question(message(REQUEST, CP1, server=OTHER_SERVER))
    assert only_our_choice(theirs, DRAFT) == Drop(Reason.OTHER_SERVER, "10.7.0.2")
    assert only_our_choice(question(message(REQUEST, CP1, server=SERVER)), DRAFT) is DRAFT
    assert only_our_choice(question(message(REQUEST, CP1)), DRAFT) is DRAFT


@pytest.mark.parametrize("asked", [DECLARED, NETBOOTING, RAMDISK])
def test_declared_and_netbooting_clients_are_answered(asked: object) -> None:
    assert isinstance(asked, type(DECLARED))
    assert only_our_clients(question(asked), DRAFT) is DRAFT


def test_a_declared_mac_without_an_address_is_declared() -> None:
    link = replace(LINK, reservations={STRANGER: Reservation()})
    assert only_our_clients(question(PLAIN, link), DRAFT) is DRAFT


def test_a_plain_client_is_answered_only_when_it_ever_had_an_address_of_ours() -> None:
    """The installed system of a machine that booted over the network before is such a client."""
    plain = message(DISCOVER, options=((60, b"dhcpcd"),))
    assert only_our_clients(question(plain), DRAFT) == Drop(Reason.UNKNOWN_CLIENT, "dhcpcd")
    assert only_our_clients(question(plain, leases=RUNNING), DRAFT) is DRAFT
    assert only_our_clients(question(plain, leases=EXPIRED), DRAFT) is DRAFT


def test_where_everyone_is_answered_so_is_a_plain_client_unless_another_server_is_there() -> None:
    everyone = replace(LINK, answers_everyone=True)
    beside = replace(LINK_BESIDE_ANOTHER_SERVER, answers_everyone=True)
    assert only_our_clients(question(PLAIN, everyone), DRAFT) is DRAFT
    assert only_our_clients(question(PLAIN, beside), DRAFT) == Drop(
        Reason.FOREIGN_SERVER, "10.7.0.2"
    )


def test_beside_another_server_only_the_declared_and_those_that_hold_a_lease() -> None:
    link = LINK_BESIDE_ANOTHER_SERVER
    refused = Drop(Reason.FOREIGN_SERVER, "10.7.0.2")
    for asked in (PLAIN, NETBOOTING, RAMDISK):
        assert only_our_clients(question(asked, link), DRAFT) == refused
        assert only_our_clients(question(asked, link, EXPIRED), DRAFT) == refused
        assert only_our_clients(question(asked, link, RUNNING), DRAFT) is DRAFT
    assert only_our_clients(question(DECLARED, link), DRAFT) is DRAFT


HAS, HAD = table((CP1, "10.7.0.11", 60.0)), table((CP1, "10.7.0.11", -60.0))
ANOTHER = IPv4Address("10.7.0.12")
GOES_ON = {
    "renewing": message(REQUEST, CP1, ciaddr=CP1_ADDRESS),
    "confirming after its start": message(REQUEST, CP1, requested=CP1_ADDRESS),
    "confirming our offer": message(REQUEST, CP1, server=SERVER, requested=CP1_ADDRESS),
    "asking for options": message(INFORM, CP1, ciaddr=CP1_ADDRESS),
}
BEGINS = {
    "network boot": message(DISCOVER, CP1, options=NETBOOTS),
    "its address wished for": message(DISCOVER, CP1, requested=CP1_ADDRESS),
    "another address": message(REQUEST, CP1, requested=ANOTHER),
    "another address of ours": message(REQUEST, CP1, ciaddr=ANOTHER),
}
WITHHELD = (
    (LINK_NOT_PROBED_YET, Drop(Reason.NOT_PROBED_YET)),
    (LINK_OF_THE_SECOND, Drop(Reason.FOREIGN_SERVER_FIRST, "10.7.0.2")),
)


@pytest.mark.parametrize(("link", "refused"), WITHHELD)
@pytest.mark.parametrize("asked", GOES_ON.values(), ids=GOES_ON)
def test_a_running_lease_goes_on_while_addresses_are_withheld(
    asked: Message, link: Link, refused: Drop
) -> None:
    assert only_running_leases(question(asked, link, HAS), DRAFT) is DRAFT
    assert only_running_leases(question(asked, link, HAD), DRAFT) == refused
    assert only_running_leases(question(asked, link), DRAFT) == refused


@pytest.mark.parametrize(("link", "refused"), WITHHELD)
@pytest.mark.parametrize("asked", BEGINS.values(), ids=BEGINS)
def test_a_declared_machine_gets_no_address_while_they_are_withheld(
    asked: Message, link: Link, refused: Drop
) -> None:
    for leases in (HAS, HAD, None):
        assert only_running_leases(question(asked, link, leases), DRAFT) == refused
        assert only_running_leases(question(asked, LINK, leases), DRAFT) is DRAFT


AUTHORITATIVE = replace(LINK, authoritative=True)
WRONG = {
    "of another network": IPv4Address("192.0.2.7"),
    "reserved": CP1_ADDRESS,
    "leased to another": IPv4Address("10.7.0.101"),
}


@pytest.mark.parametrize("address", WRONG.values(), ids=WRONG)
def test_an_unknown_client_that_claims_a_wrong_address_is_refused_by_an_authority(
    address: IPv4Address,
) -> None:
    """RFC 2131, 4.3.2; the kind of server that the address could be of is declared not to be here."""
    leases = table(("0a:00:00:00:00:98", "10.7.0.101", 60.0))
    for asked in (message(REQUEST, requested=address), message(REQUEST, ciaddr=address)):
        at_an_authority = question(asked, AUTHORITATIVE, leases)
        assert only_our_clients(at_an_authority, DRAFT) == Refusal(Reason.NOT_ITS_ADDRESS)
        assert may_refuse(at_an_authority)
        elsewhere = question(asked, LINK, leases)
        assert only_our_clients(elsewhere, DRAFT) == Drop(Reason.UNKNOWN_CLIENT)
        assert not may_refuse(elsewhere)


def test_an_authority_has_nothing_against_an_address_that_nobody_has_nor_a_discover() -> None:
    free = message(REQUEST, requested=IPv4Address("10.7.0.102"))
    for asked in (free, PLAIN, message(INFORM, ciaddr=IPv4Address("192.0.2.7"))):
        asks = question(asked, AUTHORITATIVE)
        assert only_our_clients(asks, DRAFT) == Drop(Reason.UNKNOWN_CLIENT)


def test_an_authority_refuses_nobody_beside_another_server() -> None:
    beside = replace(LINK_BESIDE_ANOTHER_SERVER, authoritative=True)
    assert not may_refuse(question(message(REQUEST, requested=CP1_ADDRESS), beside))


def test_who_may_be_refused() -> None:
    assert may_refuse(question(DECLARED))
    assert may_refuse(question(NETBOOTING))
    assert not may_refuse(question(PLAIN))
    assert not may_refuse(question(DECLARED, LINK_BESIDE_ANOTHER_SERVER))
    assert not may_refuse(question(DECLARED, LINK_NOT_PROBED_YET))


HAD_BEFORE, ELSEWHERE = IPv4Address("10.7.0.100"), IPv4Address("192.0.2.1")


@pytest.mark.parametrize(
    ("asked", "may"),
    [
        (message(REQUEST, server=SERVER, requested=ELSEWHERE), True),
        (message(REQUEST, ciaddr=HAD_BEFORE), True),
        (message(REQUEST, ciaddr=ELSEWHERE), False),
        (message(REQUEST, requested=HAD_BEFORE), False),
        (message(REQUEST, requested=ELSEWHERE), False),
        (message(REQUEST, requested=ELSEWHERE, options=NETBOOTS), True),
    ],
)
def test_a_plain_client_that_had_an_address_of_ours_is_refused_only_about_that(
    asked: Message, may: bool
) -> None:
    assert may_refuse(question(asked, leases=EXPIRED)) is may
