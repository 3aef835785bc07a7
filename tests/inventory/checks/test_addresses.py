from __future__ import annotations

import pytest

from tests.inventory.written import brief

pytestmark = pytest.mark.unit

POOLED = """
lan = Network("lan", "10.7.0.0/24", "eth1", "10.7.0.1", pool=("10.7.0.100", "10.7.0.199"))
"""

CASES: dict[str, tuple[str, list[str]]] = {
    "not one": (
        'home = site(Host("a", serial="S", address="10.7.0"))',
        ['HP0014 address="10.7.0" | not an address'],
    ),
    "a switch's": (
        'home = site(switches=[Switch("tor", address="x")])',
        ['HP0014 address="x" | not an address'],
    ),
    "outside": (
        'home = site(Host("a", serial="S", address="10.8.0.5"))',
        ['HP0028 address="10.8.0.5" | not a machine\'s address in 10.7.0.0/24'],
    ),
    "in the network that its card names": (
        'home = site(Host("a", [Nic("52:54:00:07:00:11", "dmz")], address="10.8.0.5"), '
        "networks=[lan, dmz])",
        [],
    ),
    "the subnet's own": (
        'home = site(Host("a", serial="S", address="10.7.0.0"))',
        ['HP0028 address="10.7.0.0" | not a machine\'s address in 10.7.0.0/24'],
    ),
    "in the pool": (
        POOLED + 'home = site(Host("a", serial="S", address="10.7.0.100"), networks=[lan])',
        ['HP0026 address="10.7.0.100" | could be leased to another machine'],
    ),
    "a switch in the pool": (
        POOLED + 'home = site(switches=[Switch("tor", "10.7.0.199")], networks=[lan])',
        ['HP0026 "10.7.0.199" | could be leased to another machine'],
    ),
    "a switch beside the pool": (
        POOLED + 'home = site(switches=[Switch("tor", "10.7.0.200")], networks=[lan])',
        [],
    ),
    "beside the pool": (
        POOLED + 'home = site(Host("a", serial="S", address="10.7.0.99"), networks=[lan])',
        [],
    ),
    "two hosts": (
        'home = site(Host("a", serial="S", address="10.7.0.5"), '
        'Host("b", serial="T", address="10.7.0.5"))',
        ['HP0015 address="10.7.0.5" | taken'],
    ),
    "a host and the jump host": (
        'home = site(Host("a", serial="S", address="10.7.0.1"))',
        ['HP0015 address="10.7.0.1" | taken'],
    ),
    "a host and a switch": (
        'home = site(Host("a", serial="S", address="10.7.0.5"), '
        'switches=[Switch("tor", "10.7.0.5")])',
        ['HP0015 "10.7.0.5" | taken'],
    ),
}


@pytest.mark.parametrize(("source", "expected"), CASES.values(), ids=CASES)
def test_addresses(source: str, expected: list[str]) -> None:
    assert brief(source) == expected
