"""The power of the daemon's machine is cut while it serves a crowd: every lease that a client was told of is
there when it comes up again."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from inventory.contribution import Contribution
from inventory.network import Network
from inventory.site import Site
from tests.namespaces import Segment, segment
from tests.peers.daemon_child import DaemonChild
from tests.peers.daemon_machine import DaemonMachine
from tests.peers.dhcp_crowd import Crowd

pytestmark = pytest.mark.boot

LAN = Network("lan", "10.7.0.0/20", "lan0", "10.7.0.1", pool=("10.7.1.0", "10.7.14.255"))
SITE = Site("crowded", [LAN], [])
CLIENTS = 2_000
CUT_AFTER = 400
SECONDS = 300.0


@pytest.fixture
def wire() -> Iterator[Segment]:
    with segment() as made:
        yield made


def declared_state(wire: Segment, folder: Path) -> Path:
    """Of a daemon that was told what to serve, elsewhere."""
    daemon = DaemonChild(wire.station("lan0", "10.7.0.1/20"), folder / "state")
    daemon.start()
    daemon.put(Contribution("site", site=SITE)).raise_for_status()
    assert daemon.terminate() == 0
    daemon.admin.close()
    daemon.station.run("ip", "link", "set", "lan0", "down")
    return folder / "state"


def test_no_acknowledged_lease_is_lost(wire: Segment, tmp_path: Path) -> None:
    state = declared_state(wire, tmp_path)
    machine = DaemonMachine(wire, tmp_path, "10.7.0.1/20", state)
    machine.power_on()
    clients, crowd = wire.station("eth0"), Crowd()
    with ThreadPoolExecutor(1) as thread:
        asking = thread.submit(
            lambda: clients.call(lambda: crowd.take_leases(range(1, CLIENTS + 1), SECONDS))
        )
        until = time.monotonic() + SECONDS
        while len(crowd.acknowledged) < CUT_AFTER and machine.is_on and time.monotonic() < until:
            time.sleep(0.001)
        machine.cut_power()
        crowd.leave()
        asking.result()
    assert CUT_AFTER <= len(crowd.acknowledged) < CLIENTS, machine.console[-3000:]

    machine.power_on()
    leases = {one.mac: one.address for one in crowd.acknowledged}
    afterwards = Crowd()
    clients.call(lambda: afterwards.confirm(leases, SECONDS))
    assert "FOUND unsynced" not in machine.console, "what was never synced has survived"
    assert afterwards.refused == []
    assert {one.mac: one.address for one in afterwards.acknowledged} == leases
    machine.cut_power()
