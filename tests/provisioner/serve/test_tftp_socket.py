from __future__ import annotations

import socket
from collections.abc import Iterator
from ipaddress import IPv4Address
from pathlib import Path

import pytest

from provisioner.protocol.tftp.packet import Ack, Data, OptionAck, ReadRequest
from provisioner.serve.tftp_socket import mtu_of, request_socket, transfer_socket
from tests.provisioner.serve.tftp_service import BINARY, TEXT, ScriptedClient, Served, tftp_service

pytestmark = pytest.mark.protocol

LOOPBACK = IPv4Address("127.0.0.1")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with tftp_service(tmp_path) as it:
        yield it


@pytest.fixture
def single(tmp_path: Path) -> Iterator[Served]:
    with tftp_service(tmp_path, single_port=True) as it:
        yield it


def test_a_burst_waits_in_the_request_socket() -> None:
    with (
        request_socket("lo", LOOPBACK, 0) as requests,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client,
    ):
        for _ in range(2000):
            client.sendto(bytes(60), requests.getsockname())
        for _ in range(2000):
            requests.recv(100)


def test_what_came_before_the_socket_was_connected_is_given_back() -> None:
    with (
        request_socket("lo", LOOPBACK, 0) as requests,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client,
    ):
        client.bind(("127.0.0.1", 0))
        peer = client.getsockname()
        udp, strays = transfer_socket("lo", LOOPBACK, peer, requests)
        with udp:
            assert strays == []
            client.sendto(b"for the transfer", requests.getsockname())
            assert udp.recv(100) == b"for the transfer"
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
                other.sendto(b"a request", requests.getsockname())
            assert requests.recv(100) == b"a request"


@pytest.mark.parametrize("mtu", [1280, 1500, 9000])
def test_a_block_fits_the_path(served: Served, mtu: int) -> None:
    served.wire.hub.run("ip", "link", "set", "br0", "mtu", str(mtu))
    for port in ("port1", "port2"):
        served.wire.hub.run("ip", "link", "set", port, "mtu", str(mtu))
    for station, interface in ((served.station, "lan0"), (served.client, "eth0")):
        station.run("ip", "link", "set", interface, "mtu", str(mtu))
    with ScriptedClient(served.client) as client:
        client.says(ReadRequest("pxe/binary", "octet", (("blksize", "65464"),)))
        assert client.hears() == OptionAck((("blksize", str(mtu - 32)),))
        client.says(Ack(0))
        assert client.hears() == Data(1, BINARY[: mtu - 32])


def test_the_paths_mtu_is_the_routes(served: Served) -> None:
    served.station.run(
        *("ip", "route", "add", "10.8.0.0/24", "via", "10.7.0.50", "dev", "lan0", "mtu", "1400")
    )

    def mtu() -> int:
        peer = ("10.8.0.9", 1000)
        with transfer_socket("lan0", IPv4Address("10.7.0.1"), peer, None)[0] as udp:
            return mtu_of(udp)

    assert served.station.call(mtu) == 1400


def test_everything_comes_from_one_port_where_that_is_declared(single: Served) -> None:
    clients = [ScriptedClient(single.client) for _ in range(20)]
    for client in clients:
        client.says(ReadRequest("text", "octet"))
    for client in clients:
        assert client.hears() == Data(1, TEXT)
        assert client.server == ("10.7.0.1", 69)
        client.says(Ack(1))
        client.udp.close()


def test_the_single_port_can_be_declared_while_it_serves(served: Served) -> None:
    served.single_port = True
    with ScriptedClient(served.client) as client:
        client.says(ReadRequest("text", "octet"))
        assert client.hears() == Data(1, TEXT)
        assert client.server == ("10.7.0.1", 69)


def test_refusals_come_from_the_one_port_too(single: Served) -> None:
    with ScriptedClient(single.client) as client:
        client.says(ReadRequest("missing", "octet"))
        client.hears()
        assert client.server == ("10.7.0.1", 69)


@pytest.mark.parametrize("single_port", [False, True])
def test_zero_size_tftp_answer_to_old_firmware_behind_a_relay(
    tmp_path: Path, single_port: bool
) -> None:
    """Another provisioner's server told such firmware a size of zero, then said nothing. The client is in
    another subnet, behind a router: the true size comes from the address that it asked."""
    with tftp_service(tmp_path, single_port=single_port) as served:
        router = served.client
        router.run("sysctl", "-qw", "net.ipv4.ip_forward=1")
        served.station.run("ip", "route", "add", "10.8.0.0/24", "via", "10.7.0.50", "dev", "lan0")
        served.station.run("ip", "address", "add", "10.7.0.2/24", "dev", "lan0")
        with behind(served) as client:
            client.says(ReadRequest("pxe/binary", "octet", (("tsize", "0"), ("blksize", "1456"))))
            assert client.hears() == OptionAck((("tsize", "300007"), ("blksize", "1456")))
            assert client.server[0] == "10.7.0.1"
            client.says(Ack(0))
            assert client.hears() == Data(1, BINARY[:1456])
        assert str(served.asked[0][1]) == "10.8.0.9"


def behind(served: Served) -> ScriptedClient:
    """A client in the router's station, with an address of the subnet behind it."""
    served.client.run("ip", "address", "add", "10.8.0.9/32", "dev", "lo")
    client = ScriptedClient(served.client)
    client.udp.bind(("10.8.0.9", 0))
    return client
