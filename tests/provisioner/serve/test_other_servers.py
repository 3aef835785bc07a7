from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from inventory.network import Dhcp, Network
from provisioner.protocol.dhcp.event import ForeignDhcpServerAppeared
from provisioner.serve.errors import ForeignDhcpServerPresent
from provisioner.serve.foreign_dhcp import Probing
from provisioner.serve.other_servers import OtherServers
from tests.foreign_servers import dnsmasq
from tests.namespaces import Segment, segment
from tests.provisioner.protocol.boot.values import LAN
from tests.served import Events

pytestmark = pytest.mark.protocol

HERE = replace(LAN, interface="lan0")
BESIDE = replace(HERE, dhcp=Dhcp.PROXY, pool=None)
QUICK = Probing(0.2, 0.5)


def others(network: Network, events: Events) -> OtherServers:
    return OtherServers(network, QUICK, events.record)


def watched(wire: Segment, own: OtherServers, until: Callable[[], bool]) -> None:
    async def story() -> None:
        async with asyncio.timeout(30), asyncio.TaskGroup() as tasks:
            watch = tasks.create_task(own.watch())
            while not until():  # noqa: ASYNC110 - the wire's own time
                await asyncio.sleep(0.02)
            watch.cancel()

    wire.station("lan0", "10.7.0.1/24").call(lambda: asyncio.run(story()))


def test_addresses_are_withheld_until_nobody_has_answered() -> None:
    with segment() as wire:
        own = others(HERE, Events())
        assert own.withheld == "it isn't known yet whether another DHCP server is there"
        watched(wire, own, lambda: not own.withheld)
        assert own.presence() == (frozenset(), False)
        own.begin_anew()
        assert own.presence() == (frozenset(), True)


def test_beside_the_sites_server_nothing_is_withheld_and_it_is_known() -> None:
    with segment() as wire, dnsmasq(wire.station("eth0", "10.7.0.2/24"), "10.7.0.50", "10.7.0.60"):
        events = Events()
        own = others(BESIDE, events)
        assert own.withheld == ""
        watched(wire, own, lambda: bool(own.known))
        own.begin_anew()
        assert (own.withheld, own.presence()[1]) == ("", False)
        assert events.of(ForeignDhcpServerAppeared)
        asyncio.run(own.require_none())
        alone = OtherServers(HERE, Probing(), print)  # dnsmasq pings an address before it offers it
        station = wire.station("lan0", "10.7.0.3/24")
        with pytest.raises(ForeignDhcpServerPresent, match=r"another DHCP server answers on lan0"):
            station.call(lambda: asyncio.run(alone.require_none()))
