from __future__ import annotations

from ipaddress import IPv4Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmony.infra.dynamic_dns.claim import (
    TOO_LONG_TTL,
    Claim,
    claimed_at,
    place_of,
    read_claim,
)

pytestmark = pytest.mark.unit

ADDRESSES = st.integers(0, 2**32 - 1).map(lambda number: str(IPv4Address(number)))
NAMES = st.from_regex(r"[a-z0-9]{1,20}(\.[a-z0-9]{1,20}){0,4}", fullmatch=True)
OWNERS = st.text(max_size=60)
TTLS = st.integers(0, TOO_LONG_TTL - 1)
CLAIMS = st.builds(
    Claim, OWNERS, st.just("A"), TTLS, st.frozensets(ADDRESSES, min_size=1)
) | st.builds(Claim, OWNERS, st.just("PTR"), TTLS, st.frozensets(NAMES, min_size=1))
API = Claim("home/names", "A", 60, frozenset({"10.7.0.10", "10.7.0.9"}))
WRITTEN = (
    b"harmony=1",
    b"owner=home/names",
    b"type=A",
    b"ttl=60",
    b"value=10.7.0.10",
    b"value=10.7.0.9",
)


def test_as_a_person_sees_it() -> None:
    assert API.strings() == WRITTEN


@given(claim=CLAIMS)
def test_what_is_written_is_read(claim: Claim) -> None:
    assert read_claim(claim.strings()) == claim
    assert claim.fits


@given(strings=st.lists(st.binary(max_size=40), max_size=8).map(tuple))
def test_anything_is_a_claim_as_it_would_be_written_or_none(strings: tuple[bytes, ...]) -> None:
    claim = read_claim(strings)
    assert claim is None or claim.strings() == strings


NONE = {
    "nothing": (),
    "somebody else's": (b"v=spf1 -all",),
    "of a later version": (b"harmony=2", *WRITTEN[1:]),
    "of another type": (*WRITTEN[:2], b"type=MX", *WRITTEN[3:]),
    "no number": (*WRITTEN[:3], b"ttl=soon", *WRITTEN[4:]),
    "written otherwise": (*WRITTEN[:3], b"ttl=060", *WRITTEN[4:]),
    "too long a time": (*WRITTEN[:3], b"ttl=2147483648", *WRITTEN[4:]),
    "a time before": (*WRITTEN[:3], b"ttl=-1", *WRITTEN[4:]),
    "no values": WRITTEN[:4],
    "a value twice": (*WRITTEN, WRITTEN[-1]),
    "not in order": (*WRITTEN[:4], *WRITTEN[:3:-1]),
    "no address": (*WRITTEN[:4], b"value=10.7.0.999"),
    "an address of another kind": (*WRITTEN[:4], b"value=fd00::1"),
    "no name": (*WRITTEN[:2], b"type=PTR", b"ttl=60", b"value=a b"),
    "no text": (*WRITTEN[:4], b"value=\xff"),
}


@pytest.mark.parametrize("strings", NONE.values(), ids=NONE)
def test_no_claim(strings: tuple[bytes, ...]) -> None:
    assert read_claim(strings) is None


@given(name=NAMES)
def test_beside_its_name(name: str) -> None:
    assert claimed_at(place_of(name)) == name
    assert claimed_at(name) is None


def test_no_place() -> None:
    assert claimed_at("_harmony") is None
    assert claimed_at("_harmony2.example") is None


def test_an_owner_whose_name_does_not_fit() -> None:
    assert Claim("x" * 249, "A", 60, API.values).fits
    assert not Claim("x" * 250, "A", 60, API.values).fits
