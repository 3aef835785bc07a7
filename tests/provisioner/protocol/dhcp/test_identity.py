"""Reservations by what a client says of itself or where it is plugged in, and who is preferred."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address
from uuid import UUID

import pytest

from provisioner.protocol.dhcp.decision import Answer, Reason
from provisioner.protocol.dhcp.engine import decide
from provisioner.protocol.dhcp.identity import reservation_of
from provisioner.protocol.dhcp.lease import Lease, LeaseTable, Offered
from provisioner.protocol.dhcp.link import Identities, Reservation
from provisioner.protocol.dhcp.message import Message, Options
from provisioner.protocol.dhcp.options import MessageType
from tests.provisioner.protocol.dhcp.samples import (
    CP1,
    CP1_ADDRESS,
    DISCOVER,
    LINK,
    NOW,
    REQUEST,
    SERVER,
    STRANGER,
    message,
    question,
    table,
)

pytestmark = pytest.mark.unit

UUID_OF_W2 = UUID("12345678-9abc-def0-1122-334455667788")
BY_ID, BY_UUID, BY_PORT = (IPv4Address(f"10.7.0.{last}") for last in (21, 22, 23))
OTHER_PORT = IPv4Address("10.7.0.24")
LINKED = replace(
    LINK,
    identities=Identities(
        by_client_id={b"\xffw1": Reservation(BY_ID, "w1")},
        by_uuid={UUID_OF_W2: Reservation(BY_UUID, "w2")},
        by_port={
            (b"Gi0/3", b"sw1"): Reservation(BY_PORT),
            (b"Gi0/4", None): Reservation(OTHER_PORT),
        },
    ),
)
ID = (61, b"\xffw1")
MACHINE = (97, b"\0" + UUID_OF_W2.bytes_le)
PORT = (82, b"\x01\x05Gi0/3\x02\x03sw1")
ANY_SWITCHS_PORT = (82, b"\x01\x05Gi0/4\x02\x03sw9")
ANOTHER_SWITCHS_PORT = (82, b"\x01\x05Gi0/3\x02\x03sw9")
OLD, HALF = "0a:00:00:00:00:01", LINK.lease_time / 2


def reserved(
    *options: tuple[int, bytes], mac: str = STRANGER, leases: LeaseTable | None = None
) -> Reservation | None:
    asked = question(message(DISCOVER, mac, options=options), LINKED, leases)
    return asked.reservation


@pytest.mark.parametrize(
    ("mac", "options", "expected"),
    [
        (CP1, (ID, MACHINE, PORT), Reservation(CP1_ADDRESS, "cp1")),
        (STRANGER, (ID, MACHINE, PORT), Reservation(BY_ID, "w1")),
        (STRANGER, (MACHINE, PORT), Reservation(BY_UUID, "w2")),
        (STRANGER, (PORT,), Reservation(BY_PORT)),
        (STRANGER, (ANY_SWITCHS_PORT,), Reservation(OTHER_PORT)),
        (STRANGER, (ANOTHER_SWITCHS_PORT,), None),
        (STRANGER, (), None),
    ],
)
def test_the_table_of_precedence(mac: str, options: Options, expected: Reservation | None) -> None:
    assert reserved(*options, mac=mac) == expected


def test_a_record_keeps_the_address_through_stages_that_say_less() -> None:
    had = table((STRANGER, str(BY_UUID), 60.0))
    assert reserved(leases=had) == Reservation(BY_UUID)
    assert reserved(leases=table((STRANGER, "10.7.0.100", 60.0))) is None


@pytest.mark.parametrize(("remains", "given"), [(HALF + 1, False), (HALF - 1, True), (-1.0, True)])
def test_what_another_mac_goes_on_with_is_not_given(remains: float, given: bool) -> None:
    """The machine before it in the slot has gone when it has missed its renewal."""
    leases = table((OLD, str(BY_PORT), remains))
    assert (reserved(PORT, leases=leases) is not None) is given


def test_what_another_mac_has_been_offered_just_now_is_not_given() -> None:
    leases = LeaseTable()
    leases.apply(Offered(Lease(OLD, BY_PORT, NOW + 10)))
    assert reserved(PORT, leases=leases) is None
    assert reserved(PORT, mac=OLD, leases=leases) == Reservation(BY_PORT)


def test_the_next_identity_counts_where_the_first_ones_address_is_in_use() -> None:
    leases = table((OLD, str(BY_ID), HALF + 1))
    assert reserved(ID, MACHINE, leases=leases) == Reservation(BY_UUID, "w2")


def answered(asked: Message, leases: LeaseTable) -> Answer:
    decision = decide(asked, LINKED, leases, NOW)
    assert isinstance(decision, Answer), decision
    return decision


def test_a_machine_put_into_the_slot_has_the_address_also_when_it_renews_by_itself() -> None:
    """A renewal goes to the server past the relay, without option 82 (RFC 2131, 4.3.6)."""
    leases = table((OLD, str(BY_PORT), -1.0))
    offer = answered(message(DISCOVER, options=(PORT,)), leases)
    assert (offer.reply.yiaddr, offer.reason) == (BY_PORT, Reason.RESERVED)
    assert offer.reply.option(12) is None
    chosen = message(REQUEST, server=SERVER, requested=BY_PORT, options=(PORT,))
    acknowledged = answered(chosen, leases)
    assert acknowledged.lease_change is not None
    leases.apply(acknowledged.lease_change)
    renewed = answered(message(REQUEST, ciaddr=BY_PORT), leases)
    assert (renewed.reply.message_type, renewed.reason) == (MessageType.ACK, Reason.RENEWED)
    assert leases.lease_of(OLD) is None


def test_its_address_is_leased_to_nobody_else() -> None:
    assert {int(one) for one in (BY_ID, BY_UUID, BY_PORT, OTHER_PORT)} <= LINKED.never_leased


def test_without_identities_only_the_mac_counts() -> None:
    asked = question(message(DISCOVER, options=(ID, MACHINE, PORT)))
    assert reservation_of(asked.message, asked.client, LINK, LeaseTable(), NOW) is None
