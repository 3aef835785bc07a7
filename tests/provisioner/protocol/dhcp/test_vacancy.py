from __future__ import annotations

from ipaddress import IPv4Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.protocol.dhcp.lease import Bound, Declined, Lease, LeaseTable, Offered
from provisioner.protocol.dhcp.link import Pool
from provisioner.protocol.dhcp.vacancy import Vacancies

pytestmark = pytest.mark.unit

POOL = Pool(IPv4Address("10.7.0.100"), IPv4Address("10.7.0.107"))
FIRST = int(POOL.first)


def mac(number: int) -> str:
    return f"0a:00:00:00:00:{number:02x}"


def taken(table: LeaseTable, now: float, pool: Pool = POOL, who: str = mac(99)) -> int | None:
    """The address that a new client gets; not yet offered to it."""
    free = table.vacancies(pool).take(lambda n: table.is_free(n, who, now), table.busy_until, now)
    return None if free is None else free - FIRST


def test_each_is_set_aside_once() -> None:
    table = LeaseTable()
    assert [taken(table, 0.0) for _ in POOL.numbers] == list(range(8))


def test_who_had_one_is_passed_over_until_the_others_are_used_up() -> None:
    table = LeaseTable([Lease(mac(1), POOL.first, expires=5.0)])
    assert [taken(table, 10.0) for _ in POOL.numbers] == [1, 2, 3, 4, 5, 6, 7, 0]


def test_the_one_that_is_free_the_longest_is_the_first_of_those_that_were_had() -> None:
    pool = Pool(POOL.first, POOL.first + 2)
    expires = (30.0, 10.0, 20.0)
    leases = [Lease(mac(n), POOL.first + n, at) for n, at in enumerate(expires)]
    assert [taken(LeaseTable(leases), now, pool) for now in (5.0, 15.0, 40.0)] == [None, 1, 1]


def test_a_lease_that_was_renewed_is_not_taken_at_its_first_end() -> None:
    pool = Pool(POOL.first, POOL.first)
    table = LeaseTable([Lease(mac(1), POOL.first, 10.0)])
    assert taken(table, 5.0, pool) is None
    table.apply(Bound(Lease(mac(1), POOL.first, 100.0)))
    assert taken(table, 50.0, pool) is None
    assert taken(table, 100.0, pool) == 0


def test_an_offer_that_nobody_took_is_free_again() -> None:
    pool = Pool(POOL.first, POOL.first)
    table = LeaseTable()
    assert taken(table, 0.0, pool) == 0
    table.apply(Offered(Lease(mac(1), POOL.first, 60.0)))
    assert taken(table, 59.0, pool) is None
    assert taken(table, 60.0, pool) == 0


def test_a_declined_one_is_free_again_after_its_time() -> None:
    pool = Pool(POOL.first, POOL.first)
    table = LeaseTable()
    table.apply(Declined(mac(1), POOL.first, 300.0))
    assert taken(table, 299.0, pool) is None
    assert taken(table, 300.0, pool) == 0


def test_what_was_set_aside_for_nothing_is_found_again_a_minute_later() -> None:
    table = LeaseTable()
    pool = Pool(POOL.first, POOL.first)
    assert [taken(table, now, pool) for now in (1000.0, 1001.0)] == [0, 0]
    assert [taken(table, now, pool) for now in (1002.0, 1061.0)] == [None, 0]


def test_what_a_draft_set_aside_is_free_at_once_when_the_draft_is_discarded() -> None:
    table = LeaseTable()
    draft = table.draft()
    assert [taken(draft, 0.0), taken(draft, 0.0)] == [0, 1]
    table.discard()
    assert taken(table, 0.0) == 0


def test_another_pool_is_looked_at_anew() -> None:
    table = LeaseTable()
    assert taken(table, 0.0) == 0
    assert taken(table, 0.0, Pool(POOL.first + 4, POOL.last)) == 4


times = st.integers(0, 200).map(float)
steps = st.lists(
    st.tuples(st.integers(0, 20), st.sampled_from(["offer", "bind", "decline"]), times)
)


@given(steps, st.integers(0, 300))
def test_it_finds_a_free_address_if_and_only_if_there_is_one(
    given_: list[tuple[int, str, float]], later: int
) -> None:
    """Whatever was offered, bound and declined, with clocks that run: nothing is lost, nothing given
    twice."""
    table, now = LeaseTable(), 0.0
    for number, kind, until in given_:
        now += 1.0
        found = taken(table, now, who=mac(number))
        if found is None:
            continue
        address = POOL.first + found
        assert table.is_free(int(address), mac(number), now)
        match kind:
            case "offer":
                table.apply(Offered(Lease(mac(number), address, now + until)))
            case "bind":
                table.apply(Bound(Lease(mac(number), address, now + until)))
            case _:
                table.apply(Declined(mac(number), address, now + until))
    now += later + 60.0
    free = {number - FIRST for number in POOL.numbers if table.is_free(number, mac(99), now)}
    found = taken(table, now)
    assert (found in free) if free else (found is None)


def test_addresses_that_are_no_longer_of_the_pool_are_not_given() -> None:
    vacancies = Vacancies(POOL, {FIRST - 1: 5.0, FIRST: 6.0})
    assert vacancies.take(lambda number: number <= FIRST, lambda _: 0.0, 10.0) == FIRST
