from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
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
from provisioner.serve.foreign_dhcp import ForeignServer, Probing, probe, watch
from tests.foreign_servers import dnsmasq
from tests.namespaces import NetworkNamespace, Segment, segment
from tests.provisioner.serve.dhcp_service import FakeLeaseStore
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


@dataclass
class Watching:
    """`watch`, started and ended like one of our servers."""

    events: Events = field(default_factory=Events)
    sets: list[frozenset[ForeignServer]] = field(default_factory=list[frozenset[ForeignServer]])
    knows: threading.Event = field(default_factory=threading.Event)

    def bind(self) -> None:
        pass

    async def serve(self) -> None:
        await watch("lan0", OURS, Probing(0.1, 0.4), self._known, self.events.record)

    def close(self) -> None:
        pass

    def _known(self, servers: frozenset[ForeignServer]) -> None:
        self.sets.append(servers)
        self.knows.set()


def test_a_server_that_comes_and_goes_is_told(wire: Segment) -> None:
    station = wire.station("lan0", "10.7.0.1/24")
    foreign = wire.station("eth0", "10.7.0.2/24", THEIRS.mac)
    watching = Watching()
    with serving(station, [watching]):
        assert watching.knows.wait(30)
        with dnsmasq(foreign, "10.7.0.150", "10.7.0.160", "--no-ping"):
            appeared = watching.events.wait_for(ForeignDhcpServerAppeared)
        gone = watching.events.wait_for(ForeignDhcpServerGone)
        station.run("ip", "link", "set", "lan0", "down")
        watching.events.wait_for(ForeignDhcpProbeFailed)
        station.run("ip", "link", "delete", "lan0")
        watching.events.wait_for(ForeignDhcpProbeFailed, 3)
    assert watching.sets == [frozenset(), frozenset({THEIRS}), frozenset()]
    assert appeared == [ForeignDhcpServerAppeared(THEIRS.address, THEIRS.mac)]
    assert gone == [ForeignDhcpServerGone(THEIRS.address, THEIRS.mac)]


def test_nothing_is_known_before_a_probe_could_be_made(wire: Segment) -> None:
    station = wire.station("lan0", "10.7.0.1/24")
    station.run("ip", "link", "set", "lan0", "down")
    watching = Watching()
    with serving(station, [watching]):
        watching.events.wait_for(ForeignDhcpProbeFailed, 2)
        assert watching.sets == []
        station.run("ip", "link", "set", "lan0", "up")
        assert watching.knows.wait(30)
    assert watching.sets == [frozenset()]
