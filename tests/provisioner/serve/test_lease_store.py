from __future__ import annotations

import asyncio
from ipaddress import IPv4Address

import pytest

from provisioner.ports import ChangeLeases
from provisioner.protocol.dhcp.lease import Bound, Lease
from provisioner.serve.errors import LeasesNotCommitted
from provisioner.serve.lease_store import NetworkLeaseStore
from tests.provisioner.protocol.boot.values import MAC
from tests.provisioner.serve.world import MemoryStore

pytestmark = pytest.mark.unit


def test_leases_are_committed_under_their_network_or_refused() -> None:
    async def story() -> None:
        store = MemoryStore()
        change = Bound(Lease(MAC, IPv4Address("10.7.0.11"), 1.0))
        await NetworkLeaseStore("lan", store).commit([change])
        assert store.committed == [ChangeLeases("lan", (change,))]
        store.full = True
        with pytest.raises(LeasesNotCommitted, match="the disk is full"):
            await NetworkLeaseStore("lan", store).commit([change])

    asyncio.run(story())
