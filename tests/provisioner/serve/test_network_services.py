"""One network's servers, together, in a namespace of their own."""

from __future__ import annotations

import asyncio
import atexit
import http.client
import shutil
import socket
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from inventory.network import Dhcp
from provisioner.serve.errors import InterfaceLacksAddress, SocketNotBound
from provisioner.serve.foreign_dhcp import Probing
from provisioner.serve.network_services import NetworkServices, Rooms, bound_by
from provisioner.serve.site_tls import SiteTls
from provisioner.serve.wire_events import WireEvents
from tests.namespaces import NetworkNamespace, Segment, segment
from tests.provisioner.protocol.boot.values import LAN, SITE
from tests.provisioner.serve.world import World

pytestmark = pytest.mark.protocol

PORTS = {("udp", 67), ("udp", 69), ("udp", 53), ("tcp", 53), ("tcp", 80), ("tcp", 443)}
HERE = replace(LAN, interface="lan0")


@pytest.fixture
def station() -> Iterator[NetworkNamespace]:
    with segment() as wire:
        yield wire.station("lan0", "10.7.0.1/24")


def rooms(world: World) -> Rooms:
    return Rooms(
        ledger=world.ledger,
        machines=world.machines,
        scripts=world.scripts,
        store=world.store,
        events=WireEvents(world.ledger, world.machines),
        boot_programs=Path("/nowhere"),
        tls=tls_of(world),
        clock=time.time,
        probing=Probing(),
    )


def tls_of(world: World) -> SiteTls:
    state = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, state)
    return SiteTls(state, lambda: world.memory.desired, time.time, world.ledger.log)


def play(station: NetworkNamespace, story: Callable[[NetworkServices], Awaitable[None]]) -> None:
    async def played() -> None:
        site = replace(SITE, networks=[HERE])
        world = await World(site).open()
        services = NetworkServices(HERE, site, rooms(world))
        try:
            await story(services)
        finally:
            services.close()

    station.call(lambda: asyncio.run(played()))


def open_ports() -> set[tuple[str, int]]:
    """Those bound in this namespace below 1024."""
    found: set[tuple[str, int]] = set()
    for kind in ("udp", "tcp"):
        for line in Path(f"/proc/thread-self/net/{kind}").read_text().splitlines()[1:]:
            found.add((kind, int(line.split()[1].split(":")[1], 16)))
    return {(kind, port) for kind, port in found if port < 1024}


def test_everything_is_bound_and_let_go_together(station: NetworkNamespace) -> None:
    async def story(services: NetworkServices) -> None:
        await services.require_interface()
        services.bind()
        assert open_ports() == PORTS
        services.close()
        assert open_ports() == set()

    play(station, story)


def test_one_port_in_use_leaves_none_bound(station: NetworkNamespace) -> None:
    async def story(services: NetworkServices) -> None:
        with socket.create_server(("10.7.0.1", 53)):
            with pytest.raises(SocketNotBound, match="TCP port 53"):
                services.bind()
            assert open_ports() == {("tcp", 53)}

    play(station, story)


def test_an_address_that_is_not_there(station: NetworkNamespace) -> None:
    station.run("ip", "address", "flush", "dev", "lan0")

    async def story(services: NetworkServices) -> None:
        with pytest.raises(InterfaceLacksAddress):
            await services.require_interface()

    play(station, story)


def test_nobody_else_is_there_and_machines_are_answered(station: NetworkNamespace) -> None:
    async def story(services: NetworkServices) -> None:
        services.bind()
        await services.require_alone()
        async with asyncio.TaskGroup() as tasks:
            serving = tasks.create_task(services.serve())
            status = await asyncio.to_thread(ask_for_a_script)
            serving.cancel()
        assert status == 403
        assert open_ports() == set()

    play(station, story)


def test_an_interface_that_is_made_anew_is_served_again() -> None:
    with segment() as wire:
        station = wire.station("lan0", "10.7.0.1/24")
        client = wire.station("eth0", "10.7.0.50/24")

        async def story(services: NetworkServices) -> None:
            services.bind()
            async with asyncio.TaskGroup() as tasks:
                serving = tasks.create_task(services.serve())
                await services.require_alone()
                assert await asyncio.to_thread(client.call, ask_for_a_script) == 403
                await asyncio.to_thread(make_anew, wire, station)
                client.run("ip", "neighbour", "flush", "all")  # its MAC is another
                assert await asyncio.to_thread(client.call, ask_for_a_script) == 403
                assert services.withheld.startswith("it isn't known yet")
                serving.cancel()

        play(station, story)


def test_a_port_taken_meanwhile_is_waited_for_and_said() -> None:
    with segment() as wire:
        station = wire.station("lan0", "10.7.0.1/24")
        client = wire.station("eth0", "10.7.0.50/24")

        async def story(services: NetworkServices) -> None:
            services.bind()
            async with asyncio.TaskGroup() as tasks:
                serving = tasks.create_task(services.serve())
                await asyncio.to_thread(plug_in_anew, wire, station)
                with socket.socket() as other:
                    other.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"lan0")
                    other.bind(("", 53))
                    station.run("ip", "address", "add", "10.7.0.1/24", "dev", "lan0")
                    while "port 53 of 10.7.0.1 on lan0 is in use" not in services.withheld:  # noqa: ASYNC110 - the kernel's own time
                        await asyncio.sleep(0.1)
                client.run("ip", "neighbour", "flush", "all")
                assert await asyncio.to_thread(client.call, ask_for_a_script) == 403
                serving.cancel()

        play(station, story)


def test_a_single_tftp_port_is_declared_while_it_serves() -> None:
    with segment() as wire:
        station = wire.station("lan0", "10.7.0.1/24")
        client = wire.station("eth0", "10.7.0.50/24")

        async def story(services: NetworkServices) -> None:
            services.bind()
            async with asyncio.TaskGroup() as tasks:
                serving = tasks.create_task(services.serve())
                assert await asyncio.to_thread(client.call, port_that_answers) != 69
                services.follow(replace(HERE, tftp_single_port=True), SITE)
                assert await asyncio.to_thread(client.call, port_that_answers) == 69
                serving.cancel()

        play(station, story)


def port_that_answers() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.settimeout(10)
        udp.sendto(b"\0\1undionly.kpxe\0octet\0", ("10.7.0.1", 69))
        port: int = udp.recvfrom(600)[1][1]
        return port


def make_anew(wire: Segment, station: NetworkNamespace) -> None:
    plug_in_anew(wire, station)
    time.sleep(1.5)  # it has no address when it is looked at
    station.run("ip", "address", "add", "10.7.0.1/24", "dev", "lan0")
    wire.wait_until("forwarding", "anew")


def plug_in_anew(wire: Segment, station: NetworkNamespace) -> None:
    station.run("ip", "link", "delete", "lan0")
    time.sleep(1.5)  # it is away when it is looked for
    peer = ("peer", "name", "lan0", "netns", str(station.pid))
    wire.hub.run("ip", "link", "add", "anew", "type", "veth", *peer)
    wire.hub.run("ip", "link", "set", "anew", "master", "br0", "up")
    station.run("ip", "link", "set", "lan0", "up")


def ask_for_a_script() -> int:
    """The answer's status, as soon as somebody listens."""
    deadline = time.monotonic() + 30
    while True:
        connection = http.client.HTTPConnection("10.7.0.1", timeout=10)
        try:
            connection.request("GET", "/boot.ipxe")
            response = connection.getresponse()
            response.read()
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        else:
            return response.status
        finally:
            connection.close()


def test_sockets_depend_on_where_and_nothing_else() -> None:
    assert bound_by(LAN, SITE) == ("lan", "eth1", "10.7.0.1", Dhcp.SERVER, 80, 443)
    assert bound_by(LAN, replace(SITE, https_port=None)) == (
        "lan",
        "eth1",
        "10.7.0.1",
        Dhcp.SERVER,
        80,
        None,
    )
    assert bound_by(replace(LAN, lease_time=60), SITE) == bound_by(LAN, SITE)
