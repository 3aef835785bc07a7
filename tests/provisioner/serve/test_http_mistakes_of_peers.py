"""Mistakes that peers made over HTTP, each named after who made it; the daemon's own rooms answer."""

from __future__ import annotations

import asyncio
import selectors
import socket
import statistics
import time
from collections.abc import Awaitable, Sequence
from ipaddress import IPv4Address
from pathlib import Path
from typing import cast

import pytest
from typing_extensions import override

from inventory.host import AnyBlank, Host, Nic
from inventory.site import Site
from provisioner.ports import Change
from provisioner.serve.http_message import Answer, FileReply, Reply, Request
from tests.provisioner.protocol.boot.values import LAN
from tests.provisioner.serve.http_service import PORT, server_of
from tests.provisioner.serve.world import ADDRESS, MemoryStore, World

MACHINES = 200
FIRST = IPv4Address("127.0.1.1")
STRANGER = IPv4Address("127.0.2.1")
REQUEST = b"GET /boot.ipxe HTTP/1.1\r\nHost: a\r\n\r\n"


class HungStore(MemoryStore):
    """A disk that doesn't come back, from when it is told so."""

    hangs = False

    @override
    def commit(self, changes: Sequence[Change]) -> Awaitable[None]:
        if not self.hangs:
            return super().commit(changes)
        return asyncio.get_running_loop().create_future()


def mac(number: int) -> str:
    return f"52:54:00:07:01:{number:02x}"


async def world_of_many() -> tuple[World, HungStore]:
    hosts = [
        Host(f"n{number}", [Nic(mac(number))], install_on=AnyBlank()) for number in range(MACHINES)
    ]
    store = HungStore()
    world = await World(Site("home", [LAN], hosts, domain="home.example"), store=store).open()
    for number in range(MACHINES):
        await world.machine(mac(number), FIRST + number)
    world.lease("52:54:00:66:66:66", STRANGER)
    return world, store


def connected_from(address: IPv4Address) -> socket.socket:
    return socket.create_connection(("127.0.0.1", PORT), 10, (str(address), 0))


@pytest.mark.protocol
def test_sidero_4_a_script_waited_for_bmcs() -> None:
    """Its scripts stalled for tens of seconds behind the polling of BMCs when many machines booted at
    once. Here a store that hangs holds up the decision about another machine, and an answer that
    waits for 30 s is under way; 200 machines that are known get their scripts."""

    async def story() -> None:
        world, store = await world_of_many()

        async def hangs() -> Answer:
            await asyncio.sleep(30)
            return Reply(200)

        def answer(request: Request) -> Answer | Awaitable[Answer]:
            return hangs() if request.path == "/bmc" else world.api.answer(request)

        server = server_of(answer)
        server.bind()
        serving = asyncio.get_running_loop().create_task(server.serve())
        store.hangs = True
        await asyncio.to_thread(all_boot)
        assert world.ledger.deciding.locked()
        serving.cancel()
        server.close()
        with pytest.raises(asyncio.CancelledError):
            await serving

    asyncio.run(story())


def all_boot() -> None:
    slow, new = connected_from(FIRST), connected_from(STRANGER)
    slow.sendall(REQUEST.replace(b"boot.ipxe", b"bmc"))
    new.sendall(REQUEST)  # its discovery waits for the store
    clients = [connected_from(FIRST + number) for number in range(MACHINES)]
    for client in clients:
        client.sendall(REQUEST)
    for client in clients:
        assert client.recv(65_536).startswith(b"HTTP/1.1 200")
    took = [slowest_of(clients) for _ in range(5)]
    assert statistics.median(took) < 0.05
    for client in (slow, new):
        client.settimeout(0.01)
        with pytest.raises(TimeoutError):
            client.recv(1)
    for client in (slow, new, *clients):
        client.close()


def slowest_of(clients: list[socket.socket]) -> float:
    """The 99th percentile of their waiting, in seconds, when all ask at once."""
    asked: dict[socket.socket, float] = {}
    waited: list[float] = []
    with selectors.DefaultSelector() as selector:
        for client in clients:
            selector.register(client, selectors.EVENT_READ)
            asked[client] = time.monotonic()
            client.sendall(REQUEST)
        while len(waited) < len(clients):
            for key, _ in selector.select():
                client = cast(socket.socket, key.fileobj)
                waited.append(time.monotonic() - asked[client])
                assert client.recv(65_536).startswith(b"HTTP/1.1 200")
    return statistics.quantiles(waited, n=100)[98]


PATHS = (
    "/",
    "/boot.ipxe",
    "/autoexec.ipxe",
    "/ipxe/autoexec.ipxe",
    "/ipxe/snponly.efi",
    "/artifacts",
    "/artifacts/ff/x",
    "/ignition/token",
    "/agent",
    "//",
    "/index.html",
    "/.well-known/acme-challenge/x",
)


@pytest.mark.unit
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
@pytest.mark.parametrize("path", PATHS)
def test_sidero_11_http_was_redirected_to_https(method: str, path: str) -> None:
    """A stock iPXE has no CA of ours, and no way to follow: what it asks over HTTP is answered over
    HTTP, or refused, whatever else is served."""

    async def story() -> None:
        world = await World().open()
        await world.machine()
        answer = await world.ask(method, path, token="token-1")
        if isinstance(answer, Reply):
            assert not 300 <= answer.status < 400
            assert "Location" not in dict(answer.headers)
        else:
            assert isinstance(answer, FileReply)

    asyncio.run(story())


@pytest.mark.unit
@pytest.mark.parametrize("path", ["/autoexec.ipxe", "/ipxe/autoexec.ipxe"])
def test_tinkerbell_6_the_chain_stopped_at_a_missing_autoexec(path: str) -> None:
    """It is answered at once, with a word that iPXE takes for "there is none": it goes on."""

    async def story() -> None:
        answer = (await World().open()).api.answer(
            Request("GET", path, {}, {}, b"", STRANGER, LAN.ip_address)
        )
        assert isinstance(answer, Reply)  # not to be awaited
        assert answer.status == 404

    asyncio.run(story())


@pytest.mark.unit
def test_a_script_of_a_known_machine_is_not_awaited(tmp_path: Path) -> None:
    """Nor is an artifact, nor an Ignition config: nothing of another machine can come in between."""

    async def story() -> None:
        world = await World().open()
        _, image = await world.put_files(tmp_path, "cp1")
        token = (await world.reported()).token
        await world.ask("GET", "/agent/order", token=token)
        order = world.current().order
        assert order is not None
        for path in ("/boot.ipxe", f"/artifacts/{image.sha256}/x", f"/ignition/{order.token}"):
            asked = Request("GET", path, {}, {}, b"", ADDRESS, LAN.ip_address)
            answer = world.api.answer(asked)
            assert isinstance(answer, FileReply) or getattr(answer, "status", 0) == 200

    asyncio.run(story())
