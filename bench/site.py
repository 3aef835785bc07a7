"""The site that we serve while we are measured, and what the peers are told of it."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address

from bench.wire import CLIENT, CLIENT_MAC, POOL, SERVER, SERVER_INTERFACE, SUBNET
from inventory.host import Host, Nic
from inventory.network import Clients, Network
from inventory.site import Site

DOMAIN = "bench.example"
LEASE_SECONDS = 3600
RESERVATIONS = 500
_FIRST_RESERVED = IPv4Address("10.16.16.0")


def hosts(count: int) -> Iterator[Host]:
    """Declared, each with a card and an address outside of the pool."""
    for number in range(count):
        mac = "52:54:00:" + number.to_bytes(3, "big").hex(":")
        yield Host(f"host-{number}", [Nic(mac)], address=str(_FIRST_RESERVED + number))


def site(declared: int = RESERVATIONS, *more: Host) -> Site:
    """One network on which every client is answered. The load's own machine is declared besides, and
    `more`."""
    first, last = map(str, POOL)
    network = Network(
        "lan",
        str(SUBNET),
        SERVER_INTERFACE,
        str(SERVER),
        pool=(first, last),
        lease_time=LEASE_SECONDS,
        clients=Clients.ANY,
    )
    load = Host("load", [Nic(CLIENT_MAC)], address=str(CLIENT))
    return Site("bench", [network], [load, *hosts(declared), *more], domain=DOMAIN)
