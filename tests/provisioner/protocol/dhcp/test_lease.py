from __future__ import annotations

import tracemalloc
from ipaddress import IPv4Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.protocol.dhcp.lease import (
    Bound,
    Declined,
    Lease,
    LeaseChange,
    LeaseTable,
    Offered,
    Released,
)

pytestmark = pytest.mark.unit

A, B = IPv4Address("10.7.0.100"), IPv4Address("10.7.0.101")
ONE, TWO = "02:00:00:00:00:01", "02:00:00:00:00:02"

macs = st.sampled_from([ONE, TWO, "02:00:00:00:00:03"])
addresses = st.sampled_from([A, B, IPv4Address("10.7.0.102")])
times = st.integers(0, 100).map(float)
leases = st.builds(Lease, macs, addresses, times)
changes: st.SearchStrategy[LeaseChange] = st.one_of(
    st.builds(Bound, leases),
    st.builds(Offered, leases),
    st.builds(Released, macs, addresses, times),
    st.builds(Declined, macs, addresses, times),
)


@given(st.lists(changes))
def test_one_mac_one_address_and_the_other_way_round(applied: list[LeaseChange]) -> None:
    table = LeaseTable()
    for change in applied:
        table.apply(change)
    on_record = table.leases()
    assert len({lease.mac for lease in on_record}) == len(on_record)
    assert len({lease.address for lease in on_record}) == len(on_record)
    for lease in on_record:
        assert table.lease_of(lease.mac) == table.holder(lease.address) == lease


@given(st.lists(changes), st.lists(changes), addresses, macs, times)
def test_a_draft_reads_as_the_table_would_and_leaves_it_alone(
    before: list[LeaseChange], after: list[LeaseChange], address: IPv4Address, mac: str, now: float
) -> None:
    table, both = LeaseTable(), LeaseTable()
    for change in before:
        table.apply(change)
        both.apply(change)
    unchanged = table.leases()
    draft = table.draft()
    for change in after:
        draft.apply(change)
        both.apply(change)
    assert draft.leases() == both.leases()
    assert draft.lease_of(mac) == both.lease_of(mac)
    assert draft.is_free(int(address), mac, now) == both.is_free(int(address), mac, now)
    assert table.leases() == unchanged


def test_what_was_stored_is_loaded() -> None:
    table = LeaseTable([Lease(ONE, A, 50.0)], [Declined(TWO, B, 80.0)])
    assert table.leases() == (Lease(ONE, A, 50.0),)
    assert not table.is_free(int(B), ONE, now=79.0)
    assert table.is_free(int(B), ONE, now=80.0)


def test_an_address_is_free_for_its_holder_and_for_others_once_expired() -> None:
    table = LeaseTable([Lease(ONE, A, 50.0)])
    assert table.is_free(int(A), ONE, now=10.0)
    assert not table.is_free(int(A), TWO, now=10.0)
    assert table.is_free(int(A), TWO, now=50.0)


def test_an_offer_keeps_the_address_for_one_until_it_is_too_old() -> None:
    table = LeaseTable()
    table.apply(Offered(Lease(ONE, A, 50.0)))
    assert table.is_free(int(A), ONE, now=10.0)
    assert not table.is_free(int(A), TWO, now=10.0)
    assert table.is_free(int(A), TWO, now=50.0)
    assert table.leases() == ()


def test_a_released_lease_stays_on_record() -> None:
    table = LeaseTable([Lease(ONE, A, 50.0)])
    assert table.owner(A, now=10.0) == ONE
    table.apply(Released(ONE, B, at=10.0))
    assert table.owner(A, now=10.0) == ONE
    table.apply(Released(ONE, A, at=10.0))
    assert table.owner(A, now=10.0) is None
    assert table.lease_of(ONE) == Lease(ONE, A, 10.0)


def test_the_record_goes_when_another_gets_the_address() -> None:
    table = LeaseTable([Lease(ONE, A, 50.0)])
    table.apply(Bound(Lease(TWO, A, 90.0)))
    assert table.lease_of(ONE) is None
    assert table.owner(A, now=60.0) == TWO


def test_of_everybody_who_ever_was_here_nothing_stays() -> None:
    """Telephones come with a new MAC every day: a table of one address is as large after 20,000 of them."""
    table = LeaseTable()
    tracemalloc.start()
    for number in range(20_000):
        table.apply(Bound(Lease(f"02:00:00:00:{number >> 8:02x}:{number & 255:02x}", A, 50.0)))
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(table.leases()) == 1
    assert size < 50_000
