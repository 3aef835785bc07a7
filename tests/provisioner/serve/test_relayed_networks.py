from __future__ import annotations

from ipaddress import IPv4Address

import pytest

from provisioner.protocol.dhcp.lease import LeaseTable
from provisioner.protocol.dhcp.link import Link
from provisioner.serve.faults import Faults
from provisioner.serve.lease_pipeline import LeasePipeline
from provisioner.serve.relayed_networks import RelayedNetwork, by_network
from tests.provisioner.protocol.dhcp.samples import DISCOVER, LINK, NOW, message
from tests.provisioner.protocol.dhcp.test_relay import FLOOR, RELAY
from tests.provisioner.serve.dhcp_service import FakeLeaseStore

pytestmark = pytest.mark.unit

HERE = message(DISCOVER)
THERE = message(DISCOVER, giaddr=RELAY)
NOWHERE = message(DISCOVER, giaddr=IPv4Address("192.0.2.1"))


def network(link: Link) -> RelayedNetwork:
    pipeline = LeasePipeline(
        link=lambda: link,
        leases=LeaseTable(),
        store=FakeLeaseStore(),
        clock=lambda: NOW,
        faults=Faults(),
    )
    return RelayedNetwork(lambda: link, pipeline)


def test_each_message_to_its_network_in_order() -> None:
    local, floor = network(LINK), network(FLOOR)
    found = list(by_network([HERE, THERE, NOWHERE, THERE], local, [floor]))
    assert found == [(local.pipeline, [HERE, NOWHERE]), (floor.pipeline, [THERE, THERE])]
    assert list(by_network([THERE], local, [floor])) == [(floor.pipeline, [THERE])]


def test_without_networks_behind_it_all_are_the_local_ones() -> None:
    local = network(LINK)
    assert list(by_network([HERE, THERE], local, [])) == [(local.pipeline, [HERE, THERE])]
