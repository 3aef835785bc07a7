from __future__ import annotations

from ipaddress import IPv4Address

import dns.name
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory import DhcpOption, Network, Route
from provisioner.protocol.dhcp.declared_options import (
    classless_routes,
    declared_options,
    excluded_numbers,
    search_list,
)

pytestmark = pytest.mark.unit


def test_every_option_that_a_network_can_declare() -> None:
    network = Network(
        *("lan", "10.7.0.0/24", "eth1", "10.7.0.1"),
        gateway="10.7.0.254",
        search=["home.example"],
        routes=[Route("10.8.0.0/16", "10.7.0.253")],
        captive_portal="https://portal.home.example/api",
        options=[DhcpOption(150, addresses=["10.7.0.5"]), DhcpOption(116, number=0)],
    )
    assert declared_options(network) == (
        (119, b"\4home\7example\0"),
        (121, b"\x10\x0a\x08\x0a\7\0\xfd\0\x0a\7\0\xfe"),
        (114, b"https://portal.home.example/api"),
        (150, b"\x0a\7\0\5"),
        (116, b"\0"),
    )
    assert declared_options(Network("lan", "10.7.0.0/24", "eth1", "10.7.0.1")) == ()


ROUTER = "10.7.0.1"
ROUTES = {
    "0.0.0.0/0": "00",
    "10.0.0.0/8": "080a",
    "10.0.0.0/24": "180a0000",
    "10.17.0.0/16": "100a11",
    "10.27.129.0/24": "180a1b81",
    "10.229.0.128/25": "190ae50080",
    "10.198.122.47/32": "200ac67a2f",
}


@pytest.mark.parametrize(("destination", "written"), ROUTES.items())
def test_the_examples_of_rfc_3442(destination: str, written: str) -> None:
    router = IPv4Address(ROUTER).packed.hex()
    assert classless_routes([Route(destination, ROUTER)], None).hex() == written + router


def test_the_gateway_is_the_default_route_unless_another_is_declared() -> None:
    here, there = Route("10.8.0.0/16", ROUTER), Route("0.0.0.0/0", ROUTER)
    assert classless_routes([here], "10.7.0.9").endswith(b"\0\x0a\7\0\x09")
    assert classless_routes([there], "10.7.0.9") == b"\0\x0a\7\0\1"


labels = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?", fullmatch=True)


@given(st.lists(st.lists(labels, min_size=1, max_size=5).map(".".join), max_size=5))
def test_dnspython_reads_the_domains(domains: list[str]) -> None:
    written, at, read = search_list(domains), 0, list[str]()
    while at < len(written):
        name, used = dns.name.from_wire(written, at)
        read.append(name.to_text(omit_final_dot=True))
        at += used
    assert read == domains


@pytest.mark.parametrize(
    ("exclude", "expected"),
    [
        ([], ()),
        (["10.7.0.101"], (101,)),
        ([("10.7.0.90", "10.7.0.101"), ("10.7.0.103", "10.7.0.200")], (100, 101, 103)),
    ],
)
def test_only_addresses_of_the_pool_are_excluded(
    exclude: list[str | tuple[str, str]], expected: tuple[int, ...]
) -> None:
    pool = ("10.7.0.100", "10.7.0.103")
    network = Network("lan", "10.7.0.0/24", "eth1", "10.7.0.1", pool, exclude=exclude)
    base = int(IPv4Address("10.7.0.0"))
    assert excluded_numbers(network) == {base + last for last in expected}


def test_without_a_pool_nothing_is_excluded() -> None:
    network = Network("lan", "10.7.0.0/24", "eth1", "10.7.0.1", exclude=["10.7.0.9"])
    assert excluded_numbers(network) == frozenset()
