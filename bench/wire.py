"""Two network namespaces joined by a veth pair: whoever is measured in one, the load in the other.

Neither has a name; what is started in them and they themselves end with this process, however it ends.
"""

from __future__ import annotations

import contextlib
from collections.abc import Generator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Interface, IPv4Network

from tests.namespaces import NetworkNamespace

SERVER_INTERFACE = "lan0"
CLIENT_INTERFACE = "eth0"
SUBNET = IPv4Network("10.16.0.0/12")
SERVER = IPv4Address("10.16.0.1")
CLIENT = IPv4Address("10.16.0.2")
CLIENT_MAC = "52:54:01:00:00:01"
POOL = (IPv4Address("10.17.0.0"), IPv4Address("10.31.255.254"))


@dataclass(frozen=True, slots=True)
class Wire:
    """The server has SERVER on SERVER_INTERFACE, the client CLIENT on CLIENT_INTERFACE."""

    server: NetworkNamespace
    client: NetworkNamespace


@contextlib.contextmanager
def wire() -> Generator[Wire]:
    """Both namespaces, until the block ends."""
    with NetworkNamespace() as server, NetworkNamespace() as client:
        far = ("peer", "name", CLIENT_INTERFACE, "netns", str(client.pid), "address", CLIENT_MAC)
        server.run("ip", "link", "add", SERVER_INTERFACE, "type", "veth", *far)
        _have(server, SERVER_INTERFACE, SERVER)
        _have(client, CLIENT_INTERFACE, CLIENT)
        yield Wire(server, client)


def _have(namespace: NetworkNamespace, interface: str, address: IPv4Address) -> None:
    own = IPv4Interface((address, SUBNET.prefixlen))
    namespace.run("ip", "address", "add", str(own), "dev", interface)
    namespace.run("ip", "link", "set", interface, "up")
