from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address

import pytest

from tests.provisioner.protocol.dhcp.samples import CP1_ADDRESS, LINK, POOL, SERVER

pytestmark = pytest.mark.unit


def test_both_ends_are_in_the_pool() -> None:
    assert POOL.first in POOL
    assert POOL.last in POOL
    assert POOL.last + 1 not in POOL
    assert len(POOL) == 4


def test_what_is_excluded_is_never_leased_from_the_pool() -> None:
    link = replace(LINK, excluded=frozenset({int(POOL.first)}))
    assert link.never_leased == LINK.never_leased | {int(POOL.first)}


def test_what_is_never_leased_from_the_pool() -> None:
    network, broadcast = IPv4Address("10.7.0.0"), IPv4Address("10.7.0.255")
    assert LINK.never_leased == {int(one) for one in (SERVER, CP1_ADDRESS, network, broadcast)}
