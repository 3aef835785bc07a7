"""The daemon is killed in the middle of 2,000 DHCP exchanges, again and again; what clients were told stands.

The judge is the clients' own record of every ACK they heard.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from ipaddress import IPv4Address
from pathlib import Path

import pytest

from inventory.contribution import Contribution
from inventory.network import Network
from inventory.site import Site
from tests.namespaces import Segment, segment
from tests.peers.daemon_child import DaemonChild
from tests.peers.dhcp_crowd import Acknowledgement, Crowd

pytestmark = pytest.mark.protocol

CLIENTS = 2_000
KILLED_AFTER = (150, 400, 800, 1_200, 1_600, 1_900)
"""ACKs that the clients have heard."""
LAN = Network("lan", "10.7.0.0/20", "lan0", "10.7.0.1", pool=("10.7.1.0", "10.7.8.223"))
"""Its pool has room for 16 clients more than there are."""


@pytest.fixture
def wire() -> Iterator[Segment]:
    with segment() as made:
        yield made


def test_no_acknowledged_lease_is_lost_and_no_address_has_two_owners(
    wire: Segment, tmp_path: Path
) -> None:
    daemon = DaemonChild(
        wire.station("lan0", "10.7.0.1/20"), tmp_path / "state", "--probe-wait", "0.2"
    )
    daemon.start()
    daemon.put(Contribution("site", site=Site("crowded", [LAN], []))).raise_for_status()
    crowd, clients = Crowd(), wire.station("eth0")
    with ThreadPoolExecutor(1) as thread:
        asking = thread.submit(
            lambda: clients.call(lambda: crowd.take_leases(range(1, CLIENTS + 1), 120))
        )
        for heard in KILLED_AFTER:
            while len(crowd.acknowledged) < heard and not asking.done():
                time.sleep(0.001)
            daemon.restart()
        asking.result()
    assert daemon.starts == 1 + len(KILLED_AFTER)
    assert len(crowd.acknowledged) == CLIENTS
    assert owners_of_shared_addresses(crowd.acknowledged) == {}

    daemon.restart()
    leases = {one.mac: one.address for one in crowd.acknowledged}
    afterwards = Crowd()
    clients.call(lambda: afterwards.confirm(leases, 60))
    assert afterwards.refused == []
    assert {one.mac: one.address for one in afterwards.acknowledged} == leases
    daemon.kill()
    daemon.admin.close()


def owners_of_shared_addresses(told: list[Acknowledgement]) -> dict[IPv4Address, set[str]]:
    """Addresses that two clients had at a time, by when each was told so and for how long."""
    held: dict[IPv4Address, list[Acknowledgement]] = defaultdict(list)
    shared: dict[IPv4Address, set[str]] = defaultdict(set)
    for one in told:
        for before in held[one.address]:
            if before.mac != one.mac and before.heard + before.seconds > one.heard:
                shared[one.address] |= {before.mac, one.mac}
        held[one.address].append(one)
    return dict(shared)
