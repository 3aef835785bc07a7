from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network

import dns.name
import dns.rdatatype
import dns.zone
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.contribution import DnsRecord
from provisioner.protocol.dns.name import labels_of, reverse_name, text_of
from provisioner.protocol.dns.zone import NoLeases, Zones

pytestmark = pytest.mark.unit

CP1 = DnsRecord("cp1.home.example", "10.7.0.11")
API = DnsRecord("API.home.example.", "10.7.0.11")
APPS = DnsRecord("*.apps.home.example", "10.7.0.12")
ELSEWHERE = DnsRecord("registry.corp.example", "192.0.2.7")
WILD_ELSEWHERE = DnsRecord("*.apps.corp.example", "10.7.0.13")
ZONES = Zones.of(
    domains=("home.example", "lab.home.example"),
    records=(APPS, CP1, API, CP1, ELSEWHERE, WILD_ELSEWHERE),
    subnets=tuple(map(IPv4Network, ("10.7.0.0/24", "10.8.0.0/22", "10.9.0.0/25", "10.9.0.192/26"))),
    server_name="ns.home.example",
    hosts=("w1",),
)


def test_records_are_found_by_name_once_each() -> None:
    assert {text_of(name): records for name, records in ZONES.addresses.items()} == {
        "cp1.home.example": (CP1,),
        "api.home.example": (API,),
        "*.apps.home.example": (APPS,),
        "registry.corp.example": (ELSEWHERE,),
        "*.apps.corp.example": (WILD_ELSEWHERE,),
    }


def test_the_first_name_of_an_address_is_its_reverse_but_never_a_wildcard() -> None:
    assert ZONES.pointers == {
        reverse_name(IPv4Address("10.7.0.11")): (CP1,),
        reverse_name(IPv4Address("192.0.2.7")): (ELSEWHERE,),
    }


def test_an_address_has_the_names_too_that_say_so() -> None:
    api, again, wild = (
        DnsRecord(name, CP1.address, ttl, reverse=True)
        for name, ttl in (("api.example", 300), ("api.example", 5), ("*.example", 60))
    )
    zones = Zones.of(domains=(), records=(CP1, api, again, wild), subnets=(), server_name="ns")
    assert zones.pointers == {reverse_name(IPv4Address(CP1.address)): (CP1, api)}


def test_a_record_without_an_address_does_not_stop_the_others() -> None:
    zones = Zones.of(domains=(), records=(DnsRecord("a", "x"), CP1), subnets=(), server_name="ns")
    assert list(zones.addresses.values()) == [(CP1,)]


@pytest.mark.parametrize(
    ("name", "apex"),
    [
        ("home.example", "home.example"),
        ("a.b.home.example", "home.example"),
        ("a.lab.home.example", "lab.home.example"),
        ("athome.example", None),
        ("example", None),
        ("registry.corp.example", "registry.corp.example"),
        ("other.corp.example", None),
        ("x.apps.corp.example", "apps.corp.example"),
        ("apps.corp.example", "apps.corp.example"),
        ("11.0.7.10.in-addr.arpa", "0.7.10.in-addr.arpa"),
        ("0.7.10.in-addr.arpa", "0.7.10.in-addr.arpa"),
        ("x.0.7.10.in-addr.arpa", "0.7.10.in-addr.arpa"),
        ("7.10.in-addr.arpa", None),
        ("9.3.8.10.in-addr.arpa", "3.8.10.in-addr.arpa"),
        ("9.4.8.10.in-addr.arpa", None),
        ("127.0.9.10.in-addr.arpa", "0.9.10.in-addr.arpa"),
        ("128.0.9.10.in-addr.arpa", None),
        ("192.0.9.10.in-addr.arpa", "0.9.10.in-addr.arpa"),
        ("x.0.9.10.in-addr.arpa", None),
        ("7.2.0.192.in-addr.arpa", "7.2.0.192.in-addr.arpa"),
        ("8.2.0.192.in-addr.arpa", None),
        ("", None),
    ],
)
def test_which_zone_a_name_is_in(name: str, apex: str | None) -> None:
    found = ZONES.apex_of(labels_of(name))
    assert (None if found is None else text_of(found)) == apex


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("cp1.home.example", "cp1.home.example"),
        ("home.example", "home.example"),
        ("w1.home.example", "w1.home.example"),  # declared, though nobody knows its address
        ("w2.home.example", None),
        ("x.cp1.home.example", None),
        ("apps.home.example", "apps.home.example"),  # there is something below it
        ("x.apps.home.example", "*.apps.home.example"),
        ("y.x.apps.home.example", "*.apps.home.example"),
        ("*.apps.home.example", "*.apps.home.example"),
        ("x.*.apps.home.example", None),  # RFC 4592, 2.2.1: ghost.*.example
        ("x.apps.corp.example", "*.apps.corp.example"),
        ("1.0.7.10.in-addr.arpa", None),
        ("11.0.7.10.in-addr.arpa", "11.0.7.10.in-addr.arpa"),
    ],
)
def test_which_name_answers(name: str, source: str | None) -> None:
    apex = ZONES.apex_of(labels_of(name))
    assert apex is not None
    found = ZONES.answering(labels_of(name), apex, NoLeases())
    assert (None if found is None else text_of(found)) == source


def test_names_on_the_way_to_reverse_names_exist() -> None:
    wide = Zones.of(domains=(), records=(), subnets=(IPv4Network("10.0.0.0/8"),), server_name="ns")
    for name, exists in (("7.10", True), ("0.7.10", True), ("1.0.7.10", False)):
        labels = labels_of(f"{name}.in-addr.arpa")
        assert (wide.answering(labels, labels[-3:], NoLeases()) is not None) is exists


label = st.sampled_from(["a", "b", "*", "c"])
name_below = st.lists(label, min_size=1, max_size=4).map(".".join)


@given(st.sets(name_below, max_size=6), name_below)
def test_wildcards_answer_as_in_rfc_4592(owners: set[str], asked: str) -> None:
    """Against the algorithm of RFC 1034, 4.3.2, walked down a tree that dnspython's zone keeps."""
    zones = Zones.of(
        domains=("z.",),
        records=[DnsRecord(f"{owner}.z", "10.7.0.1") for owner in owners],
        subnets=(),
        server_name="ns.z",
    )
    found = zones.answering(labels_of(f"{asked}.z"), labels_of("z"), NoLeases())
    assert (None if found is None else text_of(found)) == _walked_down(owners, asked)


def _walked_down(owners: set[str], asked: str) -> str | None:
    origin = dns.name.from_text("z.")
    zone = dns.zone.Zone(origin, relativize=False)
    for owner in owners:
        name = dns.name.from_text(owner, origin)
        zone.find_rdataset(name, dns.rdatatype.A, create=True)

    def is_there(name: dns.name.Name) -> bool:
        return any(owner.is_subdomain(name) for owner in (*zone.nodes, origin))

    name = dns.name.from_text(asked, origin)
    at = origin
    for label in reversed(name.relativize(origin).labels):
        below = dns.name.Name((label, *at.labels))
        if not is_there(below):
            star = dns.name.Name((b"*", *at.labels))
            return star.to_text(omit_final_dot=True) if star in zone.nodes else None
        at = below
    return name.to_text(omit_final_dot=True)
