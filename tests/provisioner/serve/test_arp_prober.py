"""A machine has taken an address of the pool without asking: it is found, and left alone."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from ipaddress import IPv4Address

import pytest

from provisioner.protocol.dhcp.event import AddressFoundInUse, AddressSilentAgain
from provisioner.protocol.dhcp.lease import Bound, Lease, LeaseTable
from provisioner.protocol.dhcp.link import Pool
from provisioner.serve.arp_prober import ArpProber
from tests.namespaces import Segment, segment
from tests.provisioner.serve.dhcp_service import CP1, LINK, STRANGER
from tests.served import Events, serving

pytestmark = pytest.mark.protocol

SQUATTED = IPv4Address("10.7.0.101")
SMALL = replace(LINK, pool=Pool(IPv4Address("10.7.0.100"), IPv4Address("10.7.0.103")))


class Clock:
    """Runs with the real one, and can be put forward."""

    ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


@pytest.fixture
def wire() -> Iterator[Segment]:
    with segment() as made:
        yield made


def test_a_squatter_is_found_left_alone_and_forgotten_when_it_has_gone(wire: Segment) -> None:
    squatter = wire.station("eth0", f"{SQUATTED}/24", mac=STRANGER)
    leases, events, clock, number = LeaseTable(), Events(), Clock(), int(SQUATTED)
    prober = ArpProber(
        interface="lan0",
        link=lambda: SMALL,
        leases=leases,
        clock=clock,
        on_event=events.record,
    )
    with serving(wire.station("lan0", "10.7.0.1/24"), [prober]):
        found = events.wait_for(AddressFoundInUse)
        assert found == [AddressFoundInUse(STRANGER, SQUATTED)]
        assert leases.occupied() == ((number, STRANGER),)
        assert not leases.is_free(number, CP1, clock())
        assert leases.is_free(number, STRANGER, clock())
        assert not leases.draft().is_free(number, CP1, clock())

        squatter.run("ip", "address", "flush", "dev", "eth0")
        clock.ahead = 31.0
        assert events.wait_for(AddressSilentAgain) == [AddressSilentAgain(STRANGER, SQUATTED)]
        assert leases.is_free(number, CP1, clock())


def test_who_is_given_the_address_that_it_was_found_at_is_no_finding(wire: Segment) -> None:
    wire.station("eth0", f"{SQUATTED}/24", mac=STRANGER)
    leases, events, clock = LeaseTable(), Events(), Clock()
    prober = ArpProber(
        interface="lan0",
        link=lambda: SMALL,
        leases=leases,
        clock=clock,
        on_event=events.record,
    )
    with serving(wire.station("lan0", "10.7.0.1/24"), [prober]):
        events.wait_for(AddressFoundInUse)
        leases.apply(Bound(Lease(STRANGER, SQUATTED, clock() + 600)))
        deadline = time.monotonic() + 20
        while leases.occupied():
            assert time.monotonic() < deadline
            time.sleep(0.02)
    assert events.of(AddressSilentAgain) == []
