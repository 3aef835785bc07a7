from __future__ import annotations

from dataclasses import replace

import pytest

from inventory.network import Dhcp, Network
from provisioner.protocol.dhcp.lease import LeaseTable
from provisioner.serve.arp_prober import ArpProber
from provisioner.serve.dhcp_server import DhcpServer
from provisioner.serve.dhcp_services import dhcp_services
from provisioner.serve.proxy_dhcp import ProxyDhcpServer
from tests.provisioner.protocol.boot.values import LAN
from tests.provisioner.serve.dhcp_service import LINK, NOW, FakeLeaseStore

pytestmark = pytest.mark.unit


def kinds(network: Network) -> list[type]:
    services = dhcp_services(
        network,
        link=lambda: LINK,
        leases=LeaseTable(),
        store=FakeLeaseStore(),
        clock=lambda: NOW,
        on_event=print,
        behind=tuple,
    )
    return [type(service) for service in services]


def test_addresses_are_ours_to_give_and_to_probe_or_another_servers() -> None:
    assert kinds(LAN) == [DhcpServer, ArpProber]
    assert kinds(replace(LAN, dhcp=Dhcp.PROXY)) == [ProxyDhcpServer]
