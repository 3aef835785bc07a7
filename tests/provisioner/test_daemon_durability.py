"""A lease is on the disk before its ACK is sent: shown by the daemon's own system calls, under load.

Every ACK that strace saw is asked for in what a power cut at the moment of its sending would have left.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address
from pathlib import Path

import pytest

from inventory.contribution import Contribution
from inventory.network import Network
from inventory.site import Site
from provisioner.composition import DATABASE
from provisioner.store.sqlite_store import SqliteStore
from tests.namespaces import segment
from tests.peers.daemon_child import DaemonChild
from tests.peers.dhcp_crowd import ACK, Crowd, answer_in
from tests.peers.durable_disk import DurableDisk
from tests.peers.system_calls import Call, calls_in, traced

pytestmark = pytest.mark.protocol

LAN = Network("lan", "10.7.0.0/20", "lan0", "10.7.0.1", pool=("10.7.1.0", "10.7.14.255"))
SITE = Site("crowded", [LAN], [], domain="crowded.example")
CLIENTS = 300
RENEWED = 60
LATER = 4.0
ON_ITS_WAY = 2.0
"""Seconds from a decision to its sending, at most."""
AT_ONCE = 24
_SENDS = ("sendmsg", "sendto", "sendmmsg")
_BEFORE_BOOTP = (0, 42)
"""What is before it in a datagram's payload, and in an Ethernet frame."""


@dataclass(frozen=True, slots=True)
class Sent:
    """`expires` in epoch seconds."""

    mac: str
    address: IPv4Address
    expires: float


@pytest.fixture(scope="module")
def trace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of a daemon that has served a crowd; its state was in `state` beside the trace."""
    folder = tmp_path_factory.mktemp("traced")
    with segment() as wire:
        station = wire.station("lan0", "10.7.0.1/20")
        under = traced(folder / "trace")
        daemon = DaemonChild(station, folder / "state", "--probe-wait", "0.3", under=under)
        daemon.start()
        daemon.put(Contribution("site", site=SITE)).raise_for_status()
        crowd = Crowd(at_once=AT_ONCE)
        clients = wire.station("eth0")
        clients.call(lambda: crowd.take_leases(range(1, CLIENTS + 1), 60))
        time.sleep(
            LATER
        )  # so that it can be told by its end whether a lease was renewed on the disk
        renewing = {one.mac: one.address for one in crowd.acknowledged[:RENEWED]}
        clients.call(lambda: crowd.confirm(renewing, 60))
        os.kill(daemon.pid, signal.SIGTERM)
        assert daemon.terminate() == 0
        daemon.admin.close()
    assert len(crowd.acknowledged) == CLIENTS + RENEWED
    return folder / "trace"


def test_every_acknowledged_lease_would_survive_a_power_cut(trace: Path, tmp_path: Path) -> None:
    calls = calls_in(trace.read_text().splitlines())
    sent, lost = judged(calls, trace.parent / "state", tmp_path)
    assert sent >= CLIENTS + RENEWED
    assert lost == []


def test_without_its_syncs_every_lease_would_be_lost(trace: Path, tmp_path: Path) -> None:
    """The judge itself: the same trace, as a daemon would leave it that never waits for its disk."""
    lines = trace.read_text().splitlines()
    calls = calls_in([line for line in lines if not is_a_sync(line)])
    sent, lost = judged(calls, trace.parent / "state", tmp_path)
    assert len(lost) == sent >= CLIENTS + RENEWED


def is_a_sync(line: str) -> bool:
    return "fdatasync" in line or "fsync" in line


def judged(calls: Iterable[Call], state: Path, folder: Path) -> tuple[int, list[Sent]]:
    """How many ACKs were sent, and those whose lease was not durable when their sending began."""
    disk, known, version = DurableDisk(state), dict[tuple[str, IPv4Address], float](), -1
    count, lost = 0, list[Sent]()
    for call in calls:
        disk.follow(call)
        acknowledged = [] if call.is_over else list(acknowledgements(call))
        if acknowledged and version != disk.version:
            version = disk.version
            known = leases_after_a_power_cut(disk, folder / str(version))
        count += len(acknowledged)
        lost += [
            one
            for one in acknowledged
            if known.get((one.mac, one.address), 0.0) < one.expires - ON_ITS_WAY
        ]
    return count, lost


def leases_after_a_power_cut(
    disk: DurableDisk, folder: Path
) -> dict[tuple[str, IPv4Address], float]:
    """When each lease expires."""
    folder.mkdir()
    disk.restore(folder)
    store = SqliteStore(folder / DATABASE)
    leases = store.remembered().leases
    store.close()
    return {
        (one.mac, one.address): one.expires for table in leases.values() for one in table.leases
    }


def acknowledgements(call: Call) -> Iterator[Sent]:
    if call.name not in _SENDS:
        return
    for string in call.strings:
        for before in _BEFORE_BOOTP:
            answer = answer_in(string[before:])
            if answer is not None and answer.kind == ACK:
                expires = call.at + answer.seconds
                yield Sent(answer.mac.hex(":"), IPv4Address(answer.address), expires)
