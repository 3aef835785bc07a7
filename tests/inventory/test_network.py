from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network

import pytest

from inventory import Network

pytestmark = pytest.mark.unit


def test_parsed() -> None:
    lan = Network("lan", "10.7.0.0/24", "eth1", "10.7.0.1", dns=["10.7.0.1"])
    assert (lan.ip_network, lan.ip_address, lan.dns) == (
        IPv4Network("10.7.0.0/24"),
        IPv4Address("10.7.0.1"),
        ("10.7.0.1",),
    )
