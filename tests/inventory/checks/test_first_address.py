from __future__ import annotations

import pytest

from tests.inventory.written import brief, told

pytestmark = pytest.mark.unit

NETWORKS = """
bare = Network("bare", "10.7.0.0/24", "eth1", "10.7.0.1")
cold = Network("cold", "10.9.0.0/24", "eth3", "10.9.0.1")
"""
TOLD = "which only a booted machine tells"
UUID = "7d1f3a52-0000-4000-8000-000000000001"

CASES: dict[str, tuple[str, list[str]]] = {
    "serial": (
        'home = site(Host("a", serial="S"), networks=[bare])',
        [f"HP0038 Host | known by serial, {TOLD}"],
    ),
    "UUID, and an address that no MAC leads to": (
        f'home = site(Host("a", system_uuid="{UUID}", address="10.7.0.11"), networks=[bare])',
        [f"HP0038 Host | known by system UUID, {TOLD}"],
    ),
    "serial and rule": (
        'home = site(Host("a", serial="S", match=MatchRule()), networks=[bare])',
        [f"HP0038 Host | known by serial and rule, {TOLD}"],
    ),
    "none of the networks has a pool": (
        'home = site(Host("a", serial="S"), networks=[bare, cold])',
        [f"HP0038 Host | known by serial, {TOLD}"],
    ),
    "the pool is another network's": (
        'home = site(Host("a", serial="S", address="10.9.0.11"), networks=[lan, cold])',
        [f"HP0038 Host | known by serial, {TOLD}"],
    ),
    "it may be in the network with the pool": (
        'home = site(Host("a", serial="S"), networks=[lan, cold])',
        [],
    ),
    "a pool": ('home = site(Host("a", serial="S", address="10.7.0.11"))', []),
    "MAC without address": (
        'home = site(Host("a", [Nic("52:54:00:07:00:11")]), networks=[bare])',
        ["HP0038 Host | has no address"],
    ),
    "MAC without address, and a pool": ('home = site(Host("a", [Nic("52:54:00:07:00:11")]))', []),
    "MAC and address": (
        'home = site(Host("a", [Nic("52:54:00:07:00:11")], "10.7.0.11"), networks=[bare])',
        [],
    ),
    "known by nothing": (
        'home = site(Host("a"), networks=[bare])',
        ["HP0030 Host | no MAC, serial, UUID or rule"],
    ),
    "in no network that there is": (
        'home = site(Host("a", [Nic("52:54:00:07:00:11", network="lab")]), networks=[bare])',
        ['HP0027 network="lab" | no such network'],
    ),
    "perhaps it was meant as a pool": (
        'hot = Network("hot", "10.7.0.0/24", "eth1", "10.7.0.1", pol=7)\n'
        'home = site(Host("a", serial="S"), networks=[hot])',
        ["HP0007 pol=7 | did you mean pool?"],
    ),
}


@pytest.mark.parametrize(("source", "expected"), CASES.values(), ids=CASES)
def test_first_addresses(source: str, expected: list[str]) -> None:
    assert brief(NETWORKS + source) == expected


def test_notes_and_help() -> None:
    text = told(f'{NETWORKS}home = site(Host("a", serial="S"), networks=[bare])')
    assert "no machine can boot as host 'a': DHCP has no address for it in 'bare'" in text
    assert "'bare', without a pool, is at site.py:7" in text
    assert 'help: declare its MAC, nics=[Nic("52:54:…")] and its address="…", or give' in text
