from __future__ import annotations

import pytest

from harmony.infra.dynamic_dns.claim import Claim
from harmony.infra.dynamic_dns.wishes import is_reverse, wishes_of
from harmony.infra.errors import ContributionRefusedError
from inventory.codes import Code
from inventory.contribution import DnsRecord

pytestmark = pytest.mark.unit

HOME, APPS, TEN = "home.example", "apps.home.example", "10.in-addr.arpa"
ZONES = (HOME, APPS, TEN)


API = frozenset({"api.home.example", "api-int.home.example"})


def test_each_record_in_the_nearest_zone_and_a_pointer_for_each_address() -> None:
    records = (
        DnsRecord("cp1.home.example", "10.7.0.11"),
        DnsRecord("api.home.example", "10.7.0.11", 300),
        DnsRecord("api.home.example", "10.7.0.12"),
        DnsRecord("*.apps.home.example", "10.7.0.20", reverse=True),
        DnsRecord("api-int.home.example", "10.7.0.12", 30, reverse=True),
        DnsRecord("cp1.home.example", "192.0.2.1"),
    )
    wishes = wishes_of("us", records, ZONES)
    assert wishes.without_pointer == ("192.0.2.1",)
    assert wishes.claims == {
        HOME: {
            "cp1.home.example": Claim("us", "A", 60, frozenset({"10.7.0.11", "192.0.2.1"})),
            "api.home.example": Claim("us", "A", 60, frozenset({"10.7.0.11", "10.7.0.12"})),
            "api-int.home.example": Claim("us", "A", 30, frozenset({"10.7.0.12"})),
        },
        APPS: {"*.apps.home.example": Claim("us", "A", 60, frozenset({"10.7.0.20"}))},
        TEN: {
            "11.0.7.10.in-addr.arpa": Claim("us", "PTR", 60, frozenset({"cp1.home.example"})),
            "12.0.7.10.in-addr.arpa": Claim("us", "PTR", 30, API),
        },
    }


REFUSED = {
    "no name": (DnsRecord("Api.home.example", "10.7.0.1"), "'Api.home.example' is not a name"),
    "two wildcards": (DnsRecord("*.*.home.example", "10.7.0.1"), "is not a name"),
    "no address": (DnsRecord("a.home.example", "10.7.0.256"), "'10.7.0.256', which is not an IPv4"),
    "no TTL": (DnsRecord("a.home.example", "10.7.0.1", -1), "has the TTL -1"),
    "too long a TTL": (DnsRecord("a.home.example", "10.7.0.1", 2**31), "has the TTL 2147483648"),
    "outside": (DnsRecord("a.example", "10.7.0.1"), "in none of the zones that are declared"),
    "an address's": (DnsRecord("a.10.in-addr.arpa", "10.7.0.1"), "in none of the zones"),
    "long": (DnsRecord("a." * 117 + "home.example", "10.7.0.1"), "leaves no room for the claim"),
}


@pytest.mark.parametrize("record, why", REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_served(record: DnsRecord, why: str) -> None:
    with pytest.raises(ContributionRefusedError, match=why) as refused:
        wishes_of("us", (DnsRecord("b.home.example", "10.7.0.2"), record), ZONES)
    assert [one.code for one in refused.value.diagnostics] == [Code.INVALID_RECORD]


def test_an_owner_whose_name_is_too_long() -> None:
    with pytest.raises(ContributionRefusedError, match="its owner is too long"):
        wishes_of("x" * 250, (DnsRecord("b.home.example", "10.7.0.2"),), ZONES)


def test_nothing_wanted() -> None:
    assert wishes_of("us", (), ZONES).claims == {zone: {} for zone in ZONES}


def test_reverse_zones() -> None:
    assert [is_reverse(zone) for zone in (HOME, TEN, "in-addr.arpa", "notin-addr.arpa")] == [
        False,
        True,
        True,
        False,
    ]
