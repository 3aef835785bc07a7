from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.contribution import DnsRecord
from provisioner.protocol.dns.zone import (
    Zones,
    address_of_reverse_name,
    normal_name,
    reverse_apex,
)

pytestmark = pytest.mark.unit

CP1 = DnsRecord("cp1.home.example", "10.7.0.11")
API = DnsRecord("API.home.example.", "10.7.0.11")
ELSEWHERE = DnsRecord("registry.corp.example", "192.0.2.7")
ZONES = Zones.of(
    domains=("home.example", "lab.home.example"),
    records=(CP1, API, CP1, ELSEWHERE),
    subnets=(IPv4Network("10.7.0.0/24"), IPv4Network("10.8.0.0/22")),
    server_name="ns.home.example",
)


def test_records_are_found_by_normal_name_once_each() -> None:
    assert normal_name("API.Home.Example.") == "api.home.example"
    assert ZONES.addresses == {
        "cp1.home.example": (CP1,),
        "api.home.example": (API,),
        "registry.corp.example": (ELSEWHERE,),
    }


def test_the_first_name_of_an_address_is_its_reverse() -> None:
    assert ZONES.pointers == {
        IPv4Address("10.7.0.11"): CP1,
        IPv4Address("192.0.2.7"): ELSEWHERE,
    }


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
        ("11.0.7.10.in-addr.arpa", "0.7.10.in-addr.arpa"),
        ("0.7.10.in-addr.arpa", "0.7.10.in-addr.arpa"),
        ("7.10.in-addr.arpa", None),
        ("9.3.8.10.in-addr.arpa", "8.10.in-addr.arpa"),
        ("9.4.8.10.in-addr.arpa", None),
        ("7.2.0.192.in-addr.arpa", "7.2.0.192.in-addr.arpa"),
        ("8.2.0.192.in-addr.arpa", None),
        ("", None),
    ],
)
def test_which_zone_a_name_is_in(name: str, apex: str | None) -> None:
    assert ZONES.apex_of(name) == apex


@given(st.integers(0, 2**32 - 1).map(IPv4Address))
def test_reverse_names(address: IPv4Address) -> None:
    assert address_of_reverse_name(address.reverse_pointer) == address


@pytest.mark.parametrize("name", ["x.0.7.10.in-addr.arpa", "1.2.3.in-addr.arpa", "1.0.7.10.arpa"])
def test_what_is_no_reverse_name(name: str) -> None:
    assert address_of_reverse_name(name) is None


@pytest.mark.parametrize(
    ("subnet", "apex"),
    [
        ("10.7.0.0/24", "0.7.10.in-addr.arpa"),
        ("10.7.0.0/16", "7.10.in-addr.arpa"),
        ("10.7.0.128/25", "0.7.10.in-addr.arpa"),
    ],
)
def test_reverse_apexes(subnet: str, apex: str) -> None:
    assert reverse_apex(IPv4Network(subnet)) == apex
