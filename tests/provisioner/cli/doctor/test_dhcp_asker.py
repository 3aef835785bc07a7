"""dnsmasq asked by scapy."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from provisioner.cli.doctor.dhcp_asker import DhcpAsker
from provisioner.cli.doctor.observation import Asked, Offer
from tests.foreign_servers import dnsmasq
from tests.namespaces import NetworkNamespace, Segment, segment

pytestmark = pytest.mark.protocol

MAC = "02:48:50:00:00:07"
ANOTHER = Offer(Asked.BIOS, "", "10.7.0.2", server_id="10.7.0.2", address="10.7.0.200")


@pytest.fixture
def wire() -> Iterator[Segment]:
    with segment() as made:
        yield made


def asked(machine: NetworkNamespace, wait: float = 3.0) -> tuple[DhcpAsker, tuple[Offer, ...]]:
    asker = DhcpAsker("eth0", MAC)
    return asker, machine.call(lambda: asker.offers(wait))


def test_every_kind_is_answered_and_an_address_taken_and_given_back(wire: Segment) -> None:
    server = wire.station("eth0", "10.7.0.2/24", "0a:00:00:00:00:02")
    machine = wire.station("eth0", mac=MAC)
    with dnsmasq(server, "10.7.0.150", "10.7.0.150", "--no-ping", "--log-dhcp"):
        asker, offers = asked(machine)
        assert {one.asked for one in offers} == set(Asked)
        assert {(one.server_mac, one.address) for one in offers} == {
            ("0a:00:00:00:00:02", "10.7.0.150")
        }
        assert not machine.call(lambda: asker.takes(ANOTHER))
        assert machine.call(lambda: asker.takes(offers[0]))
        other = DhcpAsker("eth0", "02:48:50:00:00:08")
        somebody = wire.station("eth0", mac="02:48:50:00:00:08")
        assert somebody.call(lambda: other.offers(1.5)) == ()
        machine.run("ip", "address", "add", "10.7.0.150/24", "dev", "eth0")
        machine.call(lambda: asker.gives_back(offers[0]))
        assert len(somebody.call(lambda: other.offers(3.0))) == len(Asked)


def test_two_servers_are_both_heard(wire: Segment) -> None:
    first = wire.station("eth0", "10.7.0.2/24", "0a:00:00:00:00:02")
    second = wire.station("eth0", "10.7.0.3/24", "0a:00:00:00:00:03")
    machine = wire.station("eth0", mac=MAC)
    with (
        dnsmasq(first, "10.7.0.150", "10.7.0.160", "--no-ping"),
        dnsmasq(second, "10.7.0.170", "10.7.0.180", "--no-ping"),
    ):
        _, offers = asked(machine, 6.0)
    assert {(one.server, one.server_mac) for one in offers} == {
        ("10.7.0.2", "0a:00:00:00:00:02"),
        ("10.7.0.3", "0a:00:00:00:00:03"),
    }


def test_who_has_an_address(wire: Segment) -> None:
    wire.station("eth0", "10.7.0.5/24", "0a:00:00:00:00:05")
    machine = wire.station("eth0", mac=MAC)
    asker = DhcpAsker("eth0", MAC)
    assert machine.call(lambda: asker.owner_of("10.7.0.5")) == "0a:00:00:00:00:05"
    assert machine.call(lambda: asker.owner_of("10.7.0.6")) == ""
