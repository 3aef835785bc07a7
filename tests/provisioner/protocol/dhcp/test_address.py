from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.protocol.dhcp.address import (
    address_before,
    agreement,
    pool,
    renewal,
    reservation,
)
from provisioner.protocol.dhcp.decision import Drop, Reason
from provisioner.protocol.dhcp.lease import Bound, Declined, Lease, LeaseTable, Offered
from provisioner.protocol.dhcp.link import Reservation
from provisioner.protocol.dhcp.question import Refusal, ReplyDraft
from tests.provisioner.protocol.dhcp.samples import (
    CP1,
    CP1_ADDRESS,
    DISCOVER,
    INFORM,
    LINK,
    NOW,
    POOL,
    REQUEST,
    SERVER,
    STRANGER,
    message,
    question,
    table,
)

pytestmark = pytest.mark.unit

DRAFT = ReplyDraft()
A, B = IPv4Address("10.7.0.100"), IPv4Address("10.7.0.101")
OTHER = "0a:00:00:00:00:77"


def test_a_reservation_wins() -> None:
    assert reservation(question(message(DISCOVER, CP1)), DRAFT) == ReplyDraft(
        CP1_ADDRESS, Reason.RESERVED
    )


def test_no_reservation_no_change() -> None:
    assert reservation(question(message(DISCOVER)), DRAFT) is DRAFT
    link = replace(LINK, reservations={STRANGER: Reservation(hostname="w9")})
    assert reservation(question(message(DISCOVER), link), DRAFT) is DRAFT


def test_a_disputed_reservation_is_not_given_and_no_other_address_instead() -> None:
    leases = LeaseTable(declined=[Declined(CP1, CP1_ADDRESS, NOW + 1)])
    asked = question(message(DISCOVER, CP1), leases=leases)
    assert reservation(asked, DRAFT) == Drop(Reason.ADDRESS_DISPUTED, "10.7.0.11")


def test_a_reserved_address_that_another_goes_on_with_is_not_given() -> None:
    """One declared anew for a machine, or for its new card, while another's lease of it runs."""
    half = LINK.lease_time / 2
    for other, given_ in ((half, DRAFT), (half - 1, ReplyDraft(CP1_ADDRESS, Reason.RESERVED))):
        leases = table((OTHER, str(CP1_ADDRESS), other))
        assert reservation(question(message(DISCOVER, CP1), leases=leases), DRAFT) == given_
    leases = table((OTHER, str(CP1_ADDRESS), half))
    without_pool = question(message(DISCOVER, CP1), replace(LINK, pool=None), leases)
    assert reservation(without_pool, DRAFT) == Drop(Reason.STILL_LEASED, "10.7.0.11")


def test_a_running_machine_keeps_its_address_when_one_is_reserved_for_it_later() -> None:
    leases = table((CP1, "10.7.0.100", 60.0))
    renewing = question(message(REQUEST, CP1, ciaddr=A), leases=leases)
    booting = question(message(DISCOVER, CP1), leases=leases)
    assert renewal(renewing, DRAFT) == ReplyDraft(A, Reason.RENEWED)
    assert renewal(booting, DRAFT) is DRAFT
    assert reservation(booting, DRAFT) == ReplyDraft(CP1_ADDRESS, Reason.RESERVED)


def test_a_renewal_of_what_is_not_on_record_is_none() -> None:
    leases = table((STRANGER, "10.7.0.101", 60.0))
    assert renewal(question(message(REQUEST, ciaddr=A), leases=leases), DRAFT) is DRAFT


def test_a_machine_gets_the_address_it_had() -> None:
    for runs in (60.0, -60.0):
        asked = question(message(DISCOVER), leases=table((STRANGER, "10.7.0.102", runs)))
        assert address_before(asked, DRAFT) == ReplyDraft(
            IPv4Address("10.7.0.102"), Reason.LEASED_BEFORE
        )


@pytest.mark.parametrize("address", ["10.7.0.50", "10.7.0.11", "192.0.2.7"])
def test_but_not_one_that_the_pool_no_longer_has(address: str) -> None:
    asked = question(message(DISCOVER), leases=table((STRANGER, address, 60.0)))
    assert address_before(asked, DRAFT) is DRAFT


def test_the_pool_honours_a_wish_for_an_address_that_nobody_has_had() -> None:
    wish = message(DISCOVER, requested=B)
    assert pool(question(wish), DRAFT) == ReplyDraft(B, Reason.FROM_POOL)
    taken = pool(question(wish, leases=table((OTHER, "10.7.0.101", -60.0))), DRAFT)
    assert isinstance(taken, ReplyDraft)
    assert taken.address != B


def test_the_pool_takes_the_longest_expired_only_when_nothing_else_is_left() -> None:
    held = [(f"0a:00:00:00:00:0{n}", f"10.7.0.10{n}", 60.0) for n in (0, 1)]
    expired = [("0a:00:00:00:00:02", "10.7.0.102", -5.0), ("0a:00:00:00:00:03", "10.7.0.103", -9.0)]
    asked = question(message(DISCOVER), leases=table(*held, *expired))
    assert pool(asked, DRAFT) == ReplyDraft(IPv4Address("10.7.0.103"), Reason.FROM_POOL)


def test_an_empty_pool_says_so() -> None:
    held = [(f"0a:00:00:00:00:0{n}", f"10.7.0.10{n}", 60.0) for n in range(4)]
    asked = question(message(DISCOVER), leases=table(*held))
    assert pool(asked, DRAFT) == Drop(Reason.POOL_EXHAUSTED)
    assert pool(question(message(DISCOVER), replace(LINK, pool=None)), DRAFT) == Drop(
        Reason.NO_POOL
    )


macs = st.integers(0, 9).map(lambda number: f"0a:00:00:00:01:{number:02x}")


@given(st.lists(st.tuples(macs, st.booleans(), st.integers(-100, 100))))
def test_no_two_machines_ever_hold_or_are_offered_one_address(
    asked: list[tuple[str, bool, int]],
) -> None:
    """Any order of offers and bindings, any ages: what the pool gives is nobody else's."""
    leases = LeaseTable()
    for mac, binds, runs in asked:
        given_ = pool(question(message(DISCOVER, mac), leases=leases), DRAFT)
        if isinstance(given_, Drop):
            continue
        assert isinstance(given_, ReplyDraft)
        address = given_.address
        assert address is not None
        assert address in POOL
        holder, offer = leases.holder(address), leases.offer_of(int(address))
        assert holder is None or holder.mac == mac or holder.expires <= NOW
        assert offer is None or offer.mac == mac or offer.expires <= NOW
        lease = Lease(mac, address, NOW + runs)
        leases.apply(Bound(lease) if binds else Offered(lease))


def test_an_address_reserved_inside_the_pool_is_kept_for_its_machine() -> None:
    link = replace(LINK, reservations={CP1: Reservation(A)})
    for number in range(20):
        asked = message(DISCOVER, f"0a:00:00:00:01:{number:02x}", requested=A)
        given_ = pool(question(asked, link), DRAFT)
        assert isinstance(given_, ReplyDraft)
        assert given_.address != A


def test_an_inform_gets_no_address() -> None:
    asked = question(message(INFORM, CP1, ciaddr=A), leases=table((CP1, "10.7.0.100", 60.0)))
    for rule in (renewal, reservation, address_before, pool, agreement):
        assert rule(asked, DRAFT) is DRAFT


ENTITLED = ReplyDraft(A, Reason.FROM_POOL)


def test_a_request_must_agree() -> None:
    right = question(message(REQUEST, server=SERVER, requested=A))
    wrong = question(message(REQUEST, server=SERVER, requested=B))
    nothing = question(message(REQUEST, server=SERVER))
    assert agreement(right, ENTITLED) is ENTITLED
    assert agreement(wrong, ENTITLED) == Refusal(Reason.NOT_ITS_ADDRESS)
    assert agreement(nothing, ENTITLED) == Refusal(Reason.NOT_ITS_ADDRESS)


def test_of_whom_nothing_is_known_and_who_did_not_choose_us_gets_silence() -> None:
    for claim in (message(REQUEST, requested=A), message(REQUEST, ciaddr=A)):
        assert agreement(question(claim), ENTITLED) == Drop(Reason.NOTHING_ON_RECORD, str(A))


def test_of_whom_something_is_known_must_agree() -> None:
    leases = table((STRANGER, "10.7.0.100", 60.0))
    back = question(message(REQUEST, requested=A), leases=leases)
    moved = question(message(REQUEST, requested=IPv4Address("192.0.2.9")), leases=leases)
    assert agreement(back, ENTITLED) is ENTITLED
    assert agreement(moved, ENTITLED) == Refusal(Reason.NOT_ITS_ADDRESS)
