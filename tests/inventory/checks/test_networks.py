from __future__ import annotations

import pytest

from tests.inventory.written import brief

pytestmark = pytest.mark.unit

CASES: dict[str, tuple[str, list[str]]] = {
    "no network": ("home = Site('home', [], [])", ["HP0020 [] | nothing to serve machines on"]),
    "no subnet": (
        "home = site(networks=[Network('a', '10.9.0', 'eth3', '10.9.0.1')])",
        ["HP0021 '10.9.0' | not address/prefix"],
    ),
    "no prefix": (
        "home = site(networks=[Network('a', '10.9.0.0', 'eth3', '10.9.0.1')])",
        ["HP0021 '10.9.0.0' | not address/prefix"],
    ),
    "host bits": (
        "home = site(networks=[Network('a', '10.9.0.1/24', 'eth3', '10.9.0.1')])",
        ["HP0021 '10.9.0.1/24' | host bits are set"],
    ),
    "too small": (
        "home = site(networks=[Network('a', '10.9.0.0/32', 'eth3', '10.9.0.0')])",
        [
            "HP0021 '10.9.0.0/32' | too small",
            "HP0024 '10.9.0.0' | not a machine's address in 10.9.0.0/32",
        ],
    ),
    "overlap": (
        "home = site(networks=[lan, Network('a', '10.7.0.0/16', 'eth3', '10.7.1.1')])",
        ["HP0022 '10.7.0.0/16' | overlaps 10.7.0.0/24"],
    ),
    "pools overlap": (
        """
        one = Network('a', '10.9.0.0/24', 'eth3', '10.9.0.1', pool=('10.9.0.10', '10.9.0.20'))
        two = Network('b', '10.9.0.0/24', 'eth4', '10.9.0.2', pool=('10.9.0.20', '10.9.0.30'))
        home = site(networks=[one, two])
        """,
        [
            "HP0022 '10.9.0.0/24' | overlaps 10.9.0.0/24",
            "HP0023 pool=('10.9.0.20', '10.9.0.30') | shares 10.9.0.20 to 10.9.0.20",
        ],
    ),
    "one interface": (
        "home = site(networks=[lan, Network('a', '10.9.0.0/24', 'eth1', '10.9.0.1')])",
        ["HP0029 'eth1' | already serves another network"],
    ),
    "no interface": (
        "home = site(networks=[Network('a', '10.9.0.0/24', 'eth 3', '10.9.0.1')])",
        ["HP0029 'eth 3' | no interface is named so"],
    ),
    "own address": (
        "home = site(networks=[Network('a', '10.9.0.0/24', 'eth3', '10.9.0.256')])",
        ["HP0014 '10.9.0.256' | not an address"],
    ),
    "own address outside": (
        "home = site(networks=[Network('a', '10.9.0.0/24', 'eth3', address='10.9.1.1')])",
        ["HP0024 address='10.9.1.1' | not a machine's address in 10.9.0.0/24"],
    ),
    "own address is the broadcast address": (
        "home = site(networks=[Network('a', '10.9.0.0/24', 'eth3', '10.9.0.255')])",
        ["HP0024 '10.9.0.255' | not a machine's address in 10.9.0.0/24"],
    ),
    "gateway, DNS and NTP": (
        """
        home = site(networks=[Network(
            'a', '10.9.0.0/24', 'eth3', '10.9.0.1',
            gateway='10.8.0.1',
            dns=['one.one'],
            ntp=['162.159.200.1', 'time'],
        )])
        """,
        [
            "HP0024 gateway='10.8.0.1' | not a machine's address in 10.9.0.0/24",
            "HP0014 dns=['one.one'] | not an address",
            "HP0014 ntp=['162.159.200.1', 'time'] | not an address",
        ],
    ),
    "numbers": (
        """
        home = site(networks=[Network(
            'a', '10.9.0.0/24', 'eth3', '10.9.0.1',
            mtu=1,
            lease_time=5,
        )])
        """,
        ["HP0018 mtu=1 | not 68 to 9216", "HP0018 lease_time=5 | seconds; at least 60"],
    ),
    "left out": (
        "home = site(networks=[Network('a', subnet='10.9.0.0/24')])",
        ["HP0008 Network | needs interface", "HP0008 Network | needs address"],
    ),
}


@pytest.mark.parametrize(("source", "expected"), CASES.values(), ids=CASES)
def test_networks(source: str, expected: list[str]) -> None:
    assert brief(source) == expected


def test_host_bits_are_mended() -> None:
    from tests.inventory.written import findings

    source = "home = site(networks=[Network('a', '10.9.0.1/24', 'eth3', '10.9.0.1')])"
    assert findings(source)[0].help == ("did you mean '10.9.0.0/24'?",)
