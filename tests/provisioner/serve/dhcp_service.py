"""A DHCP server in a station of a test's segment, with everything around it."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network

from provisioner.protocol.dhcp.lease import DurableChange, LeaseTable
from provisioner.protocol.dhcp.link import Link, NetbootAnswer, Pool, Reservation
from provisioner.serve.dhcp_server import DhcpServer
from provisioner.serve.errors import LeasesNotCommitted
from tests.namespaces import NetworkNamespace, Segment
from tests.served import Events

SERVER = IPv4Address("10.7.0.1")
CP1 = "52:54:00:07:00:11"
CP1_ADDRESS = IPv4Address("10.7.0.11")
STRANGER = "52:54:00:07:00:99"
NOW = 1_000_000.0


@dataclass
class FakeLeaseStore:
    """Keeps what is committed, batch by batch; refuses while `broken`."""

    batches: list[Sequence[DurableChange]] = field(default_factory=list[Sequence[DurableChange]])
    broken: bool = False

    async def commit(self, changes: Sequence[DurableChange]) -> None:
        if self.broken:
            raise LeasesNotCommitted("the disk is full")
        self.batches.append(changes)


LINK = Link(
    interface="lan0",
    address=SERVER,
    subnet=IPv4Network("10.7.0.0/24"),
    pool=Pool(IPv4Address("10.7.0.100"), IPv4Address("10.7.0.199")),
    lease_time=6,
    netboot=NetbootAnswer("http://10.7.0.1"),
    reservations={CP1: Reservation(CP1_ADDRESS, "cp1")},
)


@dataclass
class Served:
    """A server in a station of its own, and everything around it."""

    wire: Segment
    station: NetworkNamespace
    link: Link = LINK
    leases: LeaseTable = field(default_factory=LeaseTable)
    store: FakeLeaseStore = field(default_factory=FakeLeaseStore)
    events: Events = field(default_factory=Events)

    def server(self) -> DhcpServer:
        return DhcpServer(
            interface="lan0",
            address=SERVER,
            link=lambda: self.link,
            leases=self.leases,
            store=self.store,
            clock=lambda: NOW,
            on_event=self.events.record,
        )


def broadcast(station: NetworkNamespace, payloads: Sequence[bytes]) -> None:
    """Datagrams from port 68 of a station, all at once."""

    def send() -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
            sender.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"eth0\0")
            sender.bind(("0.0.0.0", 68))
            for payload in payloads:
                sender.sendto(payload, ("255.255.255.255", 67))

    station.call(send)
