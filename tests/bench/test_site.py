"""The site that is served while we are measured."""

from __future__ import annotations

from ipaddress import IPv4Address

import pytest

from bench.site import hosts, site
from bench.wire import POOL, SUBNET
from inventory.check import check

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("declared", [0, 500, 4001])
def test_it_is_one_that_a_person_could_declare(declared: int) -> None:
    assert list(check(site(declared))) == []


def test_reservations_are_beside_the_pool() -> None:
    addresses = [IPv4Address(host.address or "") for host in hosts(4001)]
    assert all(address in SUBNET and address < POOL[0] for address in addresses)
    assert len({host.nics[0].mac for host in hosts(4001)}) == 4001
