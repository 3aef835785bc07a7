from __future__ import annotations

import socket
from collections.abc import Iterator
from ipaddress import IPv4Address

import pytest

from provisioner.serve.bound_socket import bound_socket
from provisioner.serve.errors import InterfaceMissing, SocketNotBound
from tests.namespaces import NetworkNamespace, segment

pytestmark = pytest.mark.protocol

ADDRESS = IPv4Address("10.7.0.1")
KINDS = [socket.SOCK_DGRAM, socket.SOCK_STREAM]


@pytest.fixture
def station() -> Iterator[NetworkNamespace]:
    with segment() as wire:
        yield wire.station("lan0", "10.7.0.1/24")


def opened(
    station: NetworkNamespace, kind: socket.SocketKind, interface: str, address: IPv4Address
) -> socket.socket:
    return station.call(lambda: bound_socket(kind, interface, address, 53, "DNS"))


@pytest.mark.parametrize("kind", KINDS)
def test_on_the_interface_only(station: NetworkNamespace, kind: socket.SocketKind) -> None:
    """Two interfaces of a machine may have servers of one port; one interface may not."""
    with opened(station, kind, "lan0", ADDRESS) as first:
        assert first.getsockname() == ("10.7.0.1", 53)
        assert first.getsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, 16)[:4] == b"lan0"
        with opened(station, kind, "lo", ADDRESS):
            pass
        with pytest.raises(SocketNotBound) as refused:
            opened(station, kind, "lan0", ADDRESS)
    name = {socket.SOCK_DGRAM: "UDP", socket.SOCK_STREAM: "TCP"}[kind]
    assert str(refused.value) == (
        f"DNS: {name} port 53 of 10.7.0.1 on lan0 is in use by another program"
    )


def test_other_ways_to_fail_are_one_clear_line_each(station: NetworkNamespace) -> None:
    with pytest.raises(InterfaceMissing, match=r"interface eth7 doesn't exist$"):
        opened(station, socket.SOCK_DGRAM, "eth7", ADDRESS)
    with pytest.raises(SocketNotBound, match=r"no interface of this machine has that address$"):
        opened(station, socket.SOCK_DGRAM, "lan0", IPv4Address("10.7.0.9"))
