from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network

import pytest

from provisioner.protocol.dhcp.event import (
    DhcpMessageIgnored,
    ForeignDhcpProbeFailed,
    ForeignDhcpServerAppeared,
    ForeignDhcpServerGone,
)
from provisioner.protocol.dhcp.lease import LeaseTable
from provisioner.protocol.dhcp.link import Link
from provisioner.serve.dhcp_server import DhcpServer
from provisioner.serve.errors import InterfaceMissing
from provisioner.serve.foreign_dhcp import ForeignServer, probe, watch
from tests.foreign_servers import dnsmasq
from tests.namespaces import NetworkNamespace, Segment, segment
from tests.provisioner.serve.test_dhcp_server import FakeLeaseStore
from tests.served import Events, serving

pytestmark = pytest.mark.protocol

OURS = IPv4Address("10.7.0.1")
THEIRS = ForeignServer(IPv4Address("10.7.0.2"), "0a:00:00:00:00:02")


@pytest.fixture
def wire() -> Iterator[Segment]:
    with segment() as made:
        yield made


def probed(station: NetworkNamespace, wait: float) -> tuple[ForeignServer, ...]:
    return station.call(lambda: asyncio.run(probe("lan0", OURS, wait)))


def test_dnsmasq_is_found_and_named_although_it_pings_before_it_offers(wire: Segment) -> None:
    station = wire.station("lan0", "10.7.0.1/24")
    with dnsmasq(wire.station("eth0", "10.7.0.2/24", THEIRS.mac), "10.7.0.150", "10.7.0.160"):
        assert probed(station, 10.0) == (THEIRS,)


def test_two_servers_are_both_found(wire: Segment) -> None:
    station = wire.station("lan0", "10.7.0.1/24")
    first = wire.station("eth0", "10.7.0.2/24", THEIRS.mac)
    second = wire.station("eth0", "10.7.0.3/24", "0a:00:00:00:00:03")
    with (
        dnsmasq(first, "10.7.0.150", "10.7.0.160", "--no-ping"),
        dnsmasq(second, "10.7.0.170", "10.7.0.180", "--no-ping"),
    ):
        found = probed(station, 10.0)
    assert found == (THEIRS, ForeignServer(IPv4Address("10.7.0.3"), "0a:00:00:00:00:03"))


def test_our_own_server_is_neither_found_nor_offers_the_probe_anything(wire: Segment) -> None:
    station = wire.station("lan0", "10.7.0.1/24")
    events = Events()
    link = Link("lan0", OURS, IPv4Network("10.7.0.0/24"))
    server = DhcpServer(
        interface="lan0",
        address=OURS,
        link=lambda: link,
        leases=LeaseTable(),
        store=FakeLeaseStore(),
        clock=lambda: 0.0,
        on_event=events.record,
    )
    with serving(station, [server]):
        assert probed(station, 1.5) == ()
        from_elsewhere = wire.station("lan0", "10.7.0.9/24")
        assert probed(from_elsewhere, 1.5) == ()
    assert {type(event) for event in events.told} == {DhcpMessageIgnored}


def test_an_interface_that_is_not_there(wire: Segment) -> None:
    with pytest.raises(InterfaceMissing, match="lan0"):
        probed(wire.hub, 0.1)


def test_a_server_that_comes_and_goes_is_told(wire: Segment) -> None:
    station, foreign = wire.station("lan0", "10.7.0.1/24"), wire.station("eth0", "10.7.0.2/24")
    foreign.run("ip", "link", "set", "eth0", "address", THEIRS.mac)
    events, sets, stop = Events(), list[frozenset[ForeignServer]](), threading.Event()

    async def watching() -> None:
        watched = watch("lan0", OURS, 0.1, sets.append, events.record, wait=0.4)
        async with asyncio.TaskGroup() as tasks:
            task = tasks.create_task(watched)
            while not stop.is_set():
                await asyncio.sleep(0.02)
            task.cancel()

    thread = threading.Thread(target=lambda: station.call(lambda: asyncio.run(watching())))
    thread.start()
    with contextlib.ExitStack() as stack:
        stack.callback(thread.join)
        stack.callback(stop.set)
        with dnsmasq(foreign, "10.7.0.150", "10.7.0.160", "--no-ping"):
            events.wait_for(ForeignDhcpServerAppeared)
        events.wait_for(ForeignDhcpServerGone)
        station.run("ip", "link", "delete", "lan0")
        events.wait_for(ForeignDhcpProbeFailed)
    assert sets == [frozenset({THEIRS}), frozenset()]
    assert events.of(ForeignDhcpServerAppeared) == [
        ForeignDhcpServerAppeared(THEIRS.address, THEIRS.mac)
    ]
    assert events.of(ForeignDhcpServerGone) == [ForeignDhcpServerGone(THEIRS.address, THEIRS.mac)]
