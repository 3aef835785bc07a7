from __future__ import annotations

import dns.zone
import pytest

from harmony.infra.dynamic_dns.claim import Claim
from harmony.infra.dynamic_dns.zone_copy import Standing, ZoneCopy
from tests.harmony.infra.dynamic_dns.zones import zone_copy

pytestmark = pytest.mark.unit

ZONE = """
Api 60 A 10.7.0.10
api 60 A 10.7.0.11
*.apps A 10.7.0.10
alias CNAME Printer.Home.Example.
sub NS ns.sub
ns.sub A 10.7.0.54
elsewhere DNAME other.example.
_harmony.api TXT "harmony=1" "owner=home/names" "type=A" "ttl=60" "value=10.7.0.10"
_harmony.api TXT "harmony=1" "owner=home/more" "type=A" "ttl=60" "value=10.7.0.10"
_harmony.*.apps TXT "harmony=1" "owner=home/names" "type=A" "ttl=60" "value=10.7.0.10"
_harmony.odd TXT "something else"
_harmony.address A 10.7.0.1
"""
COPY = zone_copy(ZONE)
TEN = frozenset({"10.7.0.10"})


def test_what_stands_at_a_name_literally() -> None:
    assert COPY.standing("api.home.example", "A") == Standing(60, TEN | {"10.7.0.11"})
    assert COPY.standing("*.apps.home.example", "A") == Standing(3600, TEN)
    assert COPY.standing("any.apps.home.example", "A") is None
    assert COPY.standing("alias.home.example", "A") is None
    assert COPY.standing("api.elsewhere.test", "A") is None
    named = frozenset({"printer.home.example"})
    assert COPY.standing("alias.home.example", "CNAME") == Standing(3600, named)


def test_claims() -> None:
    names = Claim("home/names", "A", 60, TEN)
    more = Claim("home/more", "A", 60, TEN)
    assert COPY.claims("api.home.example") == frozenset({names, more})
    assert COPY.claims("*.apps.home.example") == frozenset({names})
    assert COPY.claims("alias.home.example") == frozenset()
    assert COPY.claims("odd.home.example") is None
    assert COPY.claims("address.home.example") == frozenset()
    assert sorted(COPY.claimed_names()) == [
        "*.apps.home.example",
        "api.home.example",
        "odd.home.example",
    ]


CUTS = {
    "api.home.example": None,
    "home.example": None,
    "sub.home.example": "sub.home.example",
    "api.sub.home.example": "sub.home.example",
    "a.b.elsewhere.home.example": "elsewhere.home.example",
    "subs.home.example": None,
}


@pytest.mark.parametrize("name, cut", CUTS.items(), ids=CUTS)
def test_from_where_on_names_are_another_zones(name: str, cut: str | None) -> None:
    assert COPY.cut_above(name) == cut


def test_an_empty_copy_has_nothing() -> None:
    copy = ZoneCopy.empty("home.example")
    assert (copy.standing("home.example", "SOA"), list(copy.claimed_names())) == (None, [])
    assert isinstance(copy.zone, dns.zone.Zone)
