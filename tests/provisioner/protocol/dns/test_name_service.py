from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network

import pytest

from provisioner.protocol.dns.name_service import NameService
from provisioner.protocol.dns.zone import Zones

pytestmark = pytest.mark.unit

ZONES = Zones.of(domains=(), records=(), subnets=(), server_name="ns")


def test_only_the_networks_of_the_site_are_answered() -> None:
    networks = (IPv4Network("10.7.0.0/24"), IPv4Network("10.8.0.0/24"))
    service = NameService(ZONES, networks)
    asking = ("10.7.0.50", "10.8.0.255", "10.9.0.1", "127.0.0.1")
    assert [service.is_for(IPv4Address(one)) for one in asking] == [True, True, False, False]


def test_without_a_site_nobody_is() -> None:
    assert not NameService(ZONES, ()).is_for(IPv4Address("10.7.0.50"))
