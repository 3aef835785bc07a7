from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.protocol.dns.name import (
    address_of_reverse_name,
    and_above,
    is_reverse,
    is_wildcard,
    labels_of,
    reverse_apexes,
    reverse_name,
    text_of,
)

pytestmark = pytest.mark.unit


def test_labels_are_lower_case_and_without_the_root() -> None:
    assert labels_of("API.Home.Example.") == (b"api", b"home", b"example")
    assert text_of(labels_of("API.Home.Example.")) == "api.home.example"
    assert labels_of(".") == labels_of("") == ()


def test_names_above() -> None:
    assert [text_of(one) for one in and_above(labels_of("a.b.c"))] == ["a.b.c", "b.c", "c"]


@pytest.mark.parametrize(
    ("name", "wildcard"),
    [("*.a", True), ("*", False), ("a.*", False), ("**.a", False), ("*a.b", False)],
)
def test_only_a_first_label_of_one_asterisk_is_a_wildcard(name: str, wildcard: bool) -> None:
    assert is_wildcard(labels_of(name)) is wildcard


@given(st.integers(0, 2**32 - 1).map(IPv4Address))
def test_reverse_names(address: IPv4Address) -> None:
    assert text_of(reverse_name(address)) == address.reverse_pointer
    assert address_of_reverse_name(reverse_name(address)) == address
    assert is_reverse(reverse_name(address))


@pytest.mark.parametrize(
    "name",
    [
        "x.0.7.10.in-addr.arpa",
        "256.0.7.10.in-addr.arpa",
        "07.0.7.10.in-addr.arpa",
        "1.2.3.in-addr.arpa",
        "1.1.0.7.10.in-addr.arpa",
        "1.0.7.10.arpa",
        "\N{SUPERSCRIPT ONE}.0.7.10.in-addr.arpa",
    ],
)
def test_what_is_no_reverse_name(name: str) -> None:
    assert address_of_reverse_name(labels_of(name)) is None


@pytest.mark.parametrize(
    ("subnet", "apexes"),
    [
        ("10.7.0.0/24", ["0.7.10"]),
        ("10.7.0.0/16", ["7.10"]),
        ("10.7.0.128/25", ["0.7.10"]),
        ("10.7.0.4/30", ["0.7.10"]),
        ("10.8.0.0/22", ["0.8.10", "1.8.10", "2.8.10", "3.8.10"]),
        ("10.4.0.0/15", ["4.10", "5.10"]),
        ("10.0.0.0/8", ["10"]),
    ],
)
def test_reverse_zones_of_a_subnet(subnet: str, apexes: list[str]) -> None:
    found = reverse_apexes(IPv4Network(subnet))
    assert [text_of(apex) for apex in found] == [f"{apex}.in-addr.arpa" for apex in apexes]
