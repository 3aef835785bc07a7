from __future__ import annotations

from ipaddress import IPv4Address

import pytest

from provisioner.protocol.dhcp.lease import Lease, LeaseTable
from provisioner.serve.occupants import OccupantsByLease

pytestmark = pytest.mark.unit

HERE = Lease("52:54:00:07:00:11", IPv4Address("10.7.0.11"), 100.0)
THERE = Lease("52:54:00:07:00:12", IPv4Address("10.8.0.11"), 50.0)


def test_leases_of_all_networks_count() -> None:
    occupants = OccupantsByLease(lambda: (LeaseTable([HERE]), LeaseTable([THERE])))
    for lease in (HERE, THERE):
        assert occupants.holder(lease.address) == lease
        assert occupants.owner(lease.address, 40.0) == lease.mac
    assert occupants.owner(THERE.address, 60.0) is None
    assert occupants.holder(IPv4Address("10.9.0.11")) is None
