from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address

import pytest

from provisioner.serve.errors import InterfaceDown, InterfaceLacksAddress, InterfaceMissing
from provisioner.serve.links import Interface, interfaces, require_address
from tests.namespaces import NetworkNamespace, segment

pytestmark = pytest.mark.protocol

ADDRESS = IPv4Address("10.7.0.1")


@pytest.fixture
def station() -> Iterator[NetworkNamespace]:
    with segment() as wire:
        yield wire.station("lan0", "10.7.0.1/24")


def test_what_there_is(station: NetworkNamespace) -> None:
    station.run("ip", "address", "add", "10.8.0.1/16", "dev", "lan0")
    found = {interface.name: interface for interface in station.call(interfaces)}
    assert found["lan0"] == Interface("lan0", True, (ADDRESS, IPv4Address("10.8.0.1")))
    assert found["lo"].addresses == (IPv4Address("127.0.0.1"),)


def test_as_declared(station: NetworkNamespace) -> None:
    station.call(lambda: require_address("lan0", ADDRESS))


def test_each_way_to_be_wrong_is_one_clear_line(station: NetworkNamespace) -> None:
    with pytest.raises(InterfaceMissing, match=r"^interface eth7 doesn't exist here; .*lan0, lo$"):
        station.call(lambda: require_address("eth7", ADDRESS))
    with pytest.raises(
        InterfaceLacksAddress,
        match=r"^interface lan0 doesn't have the address 10\.7\.0\.9; it has 10\.7\.0\.1$",
    ):
        station.call(lambda: require_address("lan0", IPv4Address("10.7.0.9")))
    station.run("ip", "link", "set", "lan0", "down")
    with pytest.raises(InterfaceDown, match=r"^interface lan0 is down \(ip link set lan0 up\)$"):
        station.call(lambda: require_address("lan0", ADDRESS))
    station.run("ip", "address", "flush", "dev", "lan0")
    with pytest.raises(InterfaceLacksAddress, match=r"it has no IPv4 address$"):
        station.call(lambda: require_address("lan0", ADDRESS))
