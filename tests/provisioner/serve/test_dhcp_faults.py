"""What goes wrong with one message, be it a bug of ours, keeps nobody else from being answered."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from ipaddress import IPv4Address
from typing import cast

import pytest

from provisioner.protocol.dhcp.event import DhcpReplyNotSent, OfferSent
from provisioner.protocol.dhcp.link import Link, Reservation
from provisioner.protocol.dhcp.message import encode
from tests.namespaces import segment
from tests.provisioner.protocol.dhcp.samples import DISCOVER, NETBOOTS, message
from tests.provisioner.serve.dhcp_service import CP1, STRANGER, Served, broadcast
from tests.served import serving

pytestmark = pytest.mark.protocol


@pytest.fixture
def served() -> Iterator[Served]:
    with segment() as wire:
        it = Served(wire, wire.station("lan0", "10.7.0.1/24"))
        with serving(it.station, [it.server()]):
            yield it


def test_a_bug_costs_one_message_of_a_batch(
    served: Served, capfd: pytest.CaptureFixture[str]
) -> None:
    unspeakable = Reservation(IPv4Address("10.7.0.12"), "cp-ä")
    served.link = replace(
        served.link, reservations={**served.link.reservations, STRANGER: unspeakable}
    )
    station = served.wire.station("eth0", "10.7.0.50/24")
    broadcast(station, [encode(message(DISCOVER, mac)) for mac in (STRANGER, CP1, STRANGER, CP1)])
    assert [offer.mac for offer in served.events.wait_for(OfferSent, 2)] == [CP1, CP1]
    assert capfd.readouterr().err.count("Traceback") == 1


def test_a_bug_of_the_link_costs_one_batch(
    served: Served, capfd: pytest.CaptureFixture[str]
) -> None:
    station, sound = served.wire.station("eth0", "10.7.0.50/24"), served.link
    served.link = cast(Link, None)
    broadcast(station, [encode(message(DISCOVER, CP1))])
    while "Traceback" not in capfd.readouterr().err:
        time.sleep(0.05)
    served.link = sound
    broadcast(station, [encode(message(DISCOVER, CP1))])
    served.events.wait_for(OfferSent)


def test_relays_that_are_none_keep_nobody_else_waiting(served: Served) -> None:
    """Replies to them wait in the socket for an answer to ARP, until there is no room."""
    station = served.wire.station("eth0", "10.7.0.50/24")
    relays = [IPv4Address(f"10.7.0.{last}") for last in range(240, 250)]
    relayed = [encode(message(DISCOVER, CP1, giaddr=relay)) for relay in relays]
    plain = encode(message(DISCOVER, STRANGER, broadcast=True, options=NETBOOTS))
    broadcast(station, [*relayed * 100, plain])
    while not any(offer.mac == STRANGER for offer in served.events.of(OfferSent)):
        time.sleep(0.05)
    lost = {event.mac for event in served.events.of(DhcpReplyNotSent)}
    assert lost == {CP1}
