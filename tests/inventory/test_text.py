from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory import text

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("written", "label", "name"),
    [
        ("w1", True, True),
        ("a" * 63, True, True),
        ("a" * 64, False, False),
        ("-a", False, False),
        ("a-", False, False),
        ("A", False, False),
        ("", False, False),
        ("home.example", False, True),
        ("home.example.", False, False),
        ("a." * 126 + "a", False, True),
        ("a." * 127 + "a", False, False),
        ("w1\n", False, False),
    ],
)
def test_dns_names(written: str, label: bool, name: bool) -> None:
    assert (text.is_dns_label(written), text.is_dns_name(written)) == (label, name)


@given(st.text())
def test_readers_are_total(written: str) -> None:
    text.ipv4_address(written)
    text.ipv4_network(written)
    text.nearest_network(written)
    text.uuid(written)


def test_addresses_and_subnets() -> None:
    assert text.ipv4_address("10.7.0.1") == IPv4Address("10.7.0.1")
    assert text.ipv4_address("10.7.0.01") is None
    assert text.ipv4_network("10.7.0.0/24") == IPv4Network("10.7.0.0/24")
    assert text.ipv4_network("10.7.0.0") is None
    assert text.ipv4_network("10.7.0.1/24") is None
    assert text.nearest_network("10.7.0.1/24") == IPv4Network("10.7.0.0/24")
    assert text.uuid("7D1F4F7E-5A5C-4A0E-B7A6-5F0A4E1F2B3C") == UUID(
        "7d1f4f7e-5a5c-4a0e-b7a6-5f0a4e1f2b3c"
    )


@pytest.mark.parametrize(
    ("subnet", "words"),
    [
        ("10.7.0.0/24", "10.7.0.1 to 10.7.0.254"),
        ("10.7.0.0/30", "10.7.0.1 to 10.7.0.2"),
        ("10.7.0.0/31", "10.7.0.1 to 10.7.0.0"),
        ("10.7.0.0/32", "10.7.0.0 to 10.7.0.0"),
    ],
)
def test_machine_addresses(subnet: str, words: str) -> None:
    assert text.machine_addresses(IPv4Network(subnet)) == words


@pytest.mark.parametrize(
    ("address", "expected"),
    [("10.7.0.1", True), ("10.7.0.0", False), ("10.7.0.255", False), ("10.8.0.1", False)],
)
def test_is_machine_address(address: str, expected: bool) -> None:
    subnet = IPv4Network("10.7.0.0/24")
    assert text.is_machine_address(IPv4Address(address), subnet) is expected


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Gi0/3", b"Gi0/3"),
        ("00:04:ff", b"\0\4\xff"),
        ("00", b"00"),
        ("0:4", b"0:4"),
        ("", b""),
    ],
)
def test_bytes_as_a_person_writes_them(written: str, read: bytes) -> None:
    assert text.written_bytes(written) == read


def test_bytes_that_are_no_text() -> None:
    with pytest.raises(ValueError, match="ascii"):
        text.written_bytes("ä")
