from __future__ import annotations

import pytest

from inventory import Host, Network, Nic, Site

pytestmark = pytest.mark.unit

LAN = Network("lan", "10.7.0.0/24", "eth1", "10.7.0.1")
DMZ = Network("dmz", "10.8.0.0/24", "eth2", "10.8.0.1")


def test_hosts_by_name() -> None:
    site = Site("home", [LAN], [Host("a"), Host("b")])
    assert site.host("b") == Host("b")
    assert site.host("c") is None


@pytest.mark.parametrize(
    ("networks", "host", "expected"),
    [
        ([LAN], Host("a"), LAN),
        ([LAN], Host("a", [Nic("m")]), LAN),
        ([LAN, DMZ], Host("a", [Nic("m", "dmz"), Nic("n", "lan")]), DMZ),
        ([LAN, DMZ], Host("a", [Nic("m")]), None),
        ([LAN, DMZ], Host("a"), None),
        ([LAN], Host("a", [Nic("m", "dmz")]), None),
        ([], Host("a"), None),
    ],
)
def test_network_of_a_host(networks: list[Network], host: Host, expected: Network | None) -> None:
    assert Site("home", networks, [host]).network_of(host) == expected
