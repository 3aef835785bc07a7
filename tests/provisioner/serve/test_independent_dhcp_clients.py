"""Our server as three clients see it that we did not write, in what each of RFC 2131's messages is for."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from dataclasses import replace
from ipaddress import IPv4Address
from pathlib import Path
from typing import TypeAlias, assert_never

import pytest

from provisioner.protocol.dhcp.event import (
    Acknowledged,
    AddressDeclined,
    AddressReleased,
    DiscoverHeard,
    OfferSent,
    RequestHeard,
)
from provisioner.protocol.dhcp.link import Pool, Reservation
from tests.dhcp_clients import Dhclient, Dhcpcd, Udhcpc
from tests.namespaces import segment
from tests.provisioner.serve.dhcp_service import (
    CP1,
    CP1_ADDRESS,
    LINK,
    STRANGER,
    Served,
)
from tests.served import serving

pytestmark = pytest.mark.protocol

SHORTEST_LEASE = 20
"""Seconds: dhcpcd takes no shorter one at its word, udhcpc none below 16."""
HELD, FREE = IPv4Address("10.7.0.100"), IPv4Address("10.7.0.101")
_DHCLIENT = "initial-interval 1; backoff-cutoff 2;"
"""Without these it is still waiting for its last question's answer at T2 of a short lease."""

Kind: TypeAlias = Dhclient | Udhcpc | Dhcpcd
KINDS: tuple[type[Kind], ...] = (Dhclient, Udhcpc, Dhcpcd)


def started(client: Kind, *, ramdisk: bool = False) -> None:
    """With the vendor class of our ramdisk, if it is to be one; looking whether its address is
    somebody's."""
    match client:
        case Dhclient():
            vendor_class = 'send vendor-class-identifier "harmony-ramdisk";' if ramdisk else ""
            config = client.directory / "dhclient.conf"
            config.write_text(f"{_DHCLIENT} {vendor_class}\n")
            client.start_probing("-cf", str(config))
        case Udhcpc():
            client.start_probing(*(("-V", "harmony-ramdisk") if ramdisk else ()))
        case Dhcpcd():
            client.start(*(("vendorclassid harmony-ramdisk",) if ramdisk else ()))
        case _:
            assert_never(client)


@pytest.fixture
def served() -> Iterator[Served]:
    with segment() as wire:
        it = Served(wire, wire.station("lan0", "10.7.0.1/24"))
        it.link = replace(LINK, lease_time=SHORTEST_LEASE)
        with serving(it.station, [it.server()]):
            yield it


def test_dhcpcd_gets_rebinds_renews_and_releases(served: Served, tmp_path: Path) -> None:
    served.link = replace(served.link, lease_time=600)
    client = Dhcpcd(served.wire.station("eth0", mac=CP1), tmp_path)
    running = client.start()
    client.wait_for_note("BOUND 10.7.0.11 cp1")
    for count, told in ((2, signal.SIGHUP), (3, signal.SIGUSR1)):
        running.send_signal(told)
        served.events.wait_for(Acknowledged, count)
        client.wait_for_notes("RENEW 10.7.0.11 cp1", count - 1)
    running.send_signal(signal.SIGALRM)
    assert served.events.wait_for(AddressReleased) == [AddressReleased(CP1, CP1_ADDRESS)]
    assert [one.reason for one in served.events.of(Acknowledged)] == [
        "the address is reserved for this machine",
        "its lease goes on",
        "its lease goes on",
    ]


def test_dhcpcd_with_an_address_of_its_own_is_informed(served: Served, tmp_path: Path) -> None:
    """INFORM: options, and no lease (RFC 2131, 4.3.5)."""
    station = served.wire.station("eth0", "10.7.0.77/24", mac=CP1)
    client = Dhcpcd(station, tmp_path)
    client.start("inform 10.7.0.77/24")
    (informed,) = served.events.wait_for(Acknowledged)
    assert (informed.address, informed.expires) == (IPv4Address("10.7.0.77"), None)
    client.wait_for_note("INFORM 10.7.0.77 cp1")
    assert served.leases.leases() == ()


@pytest.mark.parametrize("kind", KINDS)
def test_an_address_that_somebody_has_is_declined_and_offered_no_more(
    served: Served, tmp_path: Path, kind: type[Kind]
) -> None:
    served.wire.station("eth0", f"{HELD}/24")
    served.link = replace(served.link, pool=Pool(HELD, HELD))
    client = kind(served.wire.station("eth0", mac=STRANGER), tmp_path)
    started(client, ramdisk=True)
    assert served.events.wait_for(AddressDeclined) == [AddressDeclined(STRANGER, HELD)]
    served.link = replace(served.link, pool=Pool(HELD, FREE))
    acknowledged = served.events.wait_for(Acknowledged, 2, 60)
    assert [told.address for told in acknowledged] == [HELD, FREE]
    offered = [told.address for told in served.events.of(OfferSent)]
    assert HELD not in offered[offered.index(FREE) :]


def test_who_can_not_reach_the_server_for_renewal_rebinds(served: Served, tmp_path: Path) -> None:
    """What is sent to the server alone gets lost; at T2 clients ask everybody (RFC 2131, 4.4.5)."""
    clients: list[Kind] = []
    reserved: dict[str, Reservation] = {}
    for number, kind in enumerate(KINDS, start=1):
        mac = f"52:54:00:07:01:{number:02x}"
        reserved[mac] = Reservation(IPv4Address(f"10.7.0.{number + 20}"), f"w{number}")
        folder = tmp_path / kind.__name__
        folder.mkdir()
        station = served.wire.station("eth0", mac=mac)
        wrong = ("lladdr", "02:00:00:00:00:ff", "nud", "permanent")
        station.run("ip", "neighbour", "replace", "10.7.0.1", "dev", "eth0", *wrong)
        clients.append(kind(station, folder))
    served.link = replace(served.link, reservations=reserved)
    for client in clients:
        started(client)
    acknowledged = served.events.wait_for(Acknowledged, 2 * len(clients), 60)
    for mac in reserved:
        told = [one.reason for one in acknowledged if one.mac == mac]
        assert told == ["the address is reserved for this machine", "its lease goes on"]
    discovered = [one.mac for one in served.events.of(DiscoverHeard)]
    assert sorted(discovered) == sorted(reserved)
    assert len(served.events.of(RequestHeard)) == len(acknowledged)
