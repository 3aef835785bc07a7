from __future__ import annotations

import dns.flags
import dns.message
import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.protocol.dns.answer import Elsewhere
from provisioner.protocol.dns.forward_cache import ForwardCache, Known, failure
from provisioner.protocol.dns.upstream import Told, judged
from tests.provisioner.protocol.dns.test_upstream import SOA, A, reply

pytestmark = pytest.mark.unit

QUERY = dns.message.make_query("wWw.eXample.com.", "A", use_edns=0, id=99)


def told(*answer: str, authority: str = "", code: str = "NOERROR") -> Told:
    message = reply(*answer, authority=authority, code=code)
    verdict = judged(message.to_wire(), A, 7)
    assert isinstance(verdict, Told)
    return verdict


def said(known: Known | None, now: float, *, over_tcp: bool = False) -> list[str]:
    """The records of the reply to the query."""
    assert known is not None
    answered = known.answered(Elsewhere(QUERY, over_tcp), now)
    message = dns.message.from_wire(answered.wire)
    assert QUERY.is_response(message)
    assert message.question[0].name.labels == QUERY.question[0].name.labels
    assert dns.flags.to_text(message.flags) in ("QR RD RA", "QR TC RD RA")
    records = (*message.answer, *message.authority)
    return [one.to_text().replace("eXample", "example") for one in records]


WWW = "www.example.com. {0} IN A 192.0.2.1"
IN_ITS_LETTERS = "wWw.example.com. {0} IN A 192.0.2.1"


def test_an_answer_holds_as_long_as_it_says_and_counts_down() -> None:
    cache = ForwardCache()
    assert cache.look(A, 0.0) is None
    known = cache.learn(A, told(WWW.format(60)), 1000.0)
    assert said(known, 1000.0) == [IN_ITS_LETTERS.format(60)]
    assert said(cache.look(A, 1000.9), 1000.9) == [IN_ITS_LETTERS.format(60)]
    assert said(cache.look(A, 1059.0), 1059.0) == [IN_ITS_LETTERS.format(1)]
    assert cache.look(A, 1060.0) is None


def test_a_chain_holds_as_long_as_its_shortest_link() -> None:
    chain = ("www.example.com. 10 IN CNAME a.example.", "a.example. 3600 IN A 192.0.2.1")
    assert ForwardCache().learn(A, told(*chain), 0.0).until == 10.0


@pytest.mark.parametrize("code", ["NOERROR", "NXDOMAIN"])
def test_that_there_is_nothing_holds_for_the_minimum_of_the_soa(code: str) -> None:
    """Which is here the last of its numbers, 60, and not its TTL, 300 (RFC 2308, 3 and 5)."""
    cache = ForwardCache()
    cache.learn(A, told(authority=SOA, code=code), 0.0)
    known = cache.look(A, 20.0)
    assert said(known, 20.0) == [SOA.replace(" 300 ", " 40 ")]
    assert known is not None
    answered = known.answered(Elsewhere(QUERY, over_tcp=False), 20.0)
    assert answered.result == code
    assert cache.look(A, 60.0) is None


def test_an_alias_that_leads_to_nothing_is_negative() -> None:
    alias = "www.example.com. 3600 IN CNAME nothing.example.com."
    assert ForwardCache().learn(A, told(alias, authority=SOA), 0.0).until == 60.0


@pytest.mark.parametrize(
    "fleeting", [told(code="NXDOMAIN"), told(), told(WWW.format(0)), told(WWW.format(2**31))]
)
def test_what_says_nothing_of_its_time_is_told_once_and_not_kept(fleeting: Told) -> None:
    cache = ForwardCache()
    said(cache.learn(A, fleeting, 0.0), 0.0)
    assert cache.look(A, 0.0) is None


def test_nothing_is_believed_for_longer_than_a_day_or_that_it_is_missing_for_an_hour() -> None:
    long = SOA.replace(" 300 ", " 999999 ").replace(" 60", " 999999")
    assert ForwardCache().learn(A, told(WWW.format(999_999)), 0.0).until == 86_400.0
    assert ForwardCache().learn(A, told(authority=long), 0.0).until == 3_600.0


def test_what_is_very_long_is_told_and_not_kept() -> None:
    cache = ForwardCache()
    many = [f"www.example.com. 60 IN A 192.0.{at >> 8}.{at & 255}" for at in range(400)]
    known = cache.learn(A, told(*many), 0.0)
    assert len(said(known, 0.0, over_tcp=True)[0].splitlines()) == 400
    assert cache.look(A, 0.0) is None


def test_a_failure_is_remembered_for_a_moment() -> None:
    cache = ForwardCache()
    cache.fail(A, 0.0)
    assert [cache.has_failed(A, now) for now in (0.0, 4.9, 5.0)] == [True, True, False]
    answered = failure(Elsewhere(QUERY, over_tcp=False))
    assert (answered.result, answered.lasts) == ("SERVFAIL", 0.0)


def test_what_has_run_out_is_told_again_while_nobody_can_be_asked() -> None:
    cache = ForwardCache()
    cache.learn(A, told(WWW.format(60)), 0.0)
    assert cache.look(A, 100.0) is None, "somebody is to be asked"
    cache.fail(A, 100.0)
    assert said(cache.look(A, 101.0), 101.0) == [IN_ITS_LETTERS.format(30)]
    assert cache.look(A, 105.0) is None, "it is tried again"
    cache.fail(A, 90_000.0)
    assert cache.look(A, 90_000.0) is None, "a day old"


@given(st.lists(st.tuples(st.sampled_from("lfk"), st.integers(0, 120), st.integers(0, 90))))
def test_ttls_never_grow_and_nothing_is_older_than_it_may_be(
    steps: list[tuple[str, int, int]],
) -> None:
    """Learnt, failed or looked up, with time between: what is told is at most as old as its TTL."""
    cache, now, learnt, ttl = ForwardCache(), 0.0, 0.0, 0
    for step, number, passing in steps:
        now += passing
        if step == "l":
            cache.learn(A, told(WWW.format(number)), now)
            if number:
                learnt, ttl = now, number
        elif step == "f":
            cache.fail(A, now)
        elif (known := cache.look(A, now)) is not None:
            left = int(said(known, now)[0].split()[1])
            if now < known.until:
                assert left == ttl - int(now - learnt)
            else:
                assert left == 30
                assert cache.has_failed(A, now)
