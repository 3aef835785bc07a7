"""HTTPS with the site's CA, as curl and openssl see it; time is a number that the test moves."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import subprocess
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from inventory.contribution import Contribution, DnsRecord
from inventory.network import Network
from inventory.site import Site
from provisioner.ports import Event
from provisioner.protocol.boot.desired import Desired, merge
from provisioner.serve.errors import CaUnusable
from provisioner.serve.site_ca import Covered, SiteCa
from provisioner.serve.site_tls import SiteTls, covered_by

pytestmark = pytest.mark.protocol

DAY = 86_400.0
LAN = Network("lan", "127.0.0.0/24", interface="lo", address="127.0.0.1")
SITE = Site("home", [LAN], [], domain="home.example")


def desired(site: Site | None = SITE, *records: DnsRecord) -> Desired:
    return merge([Contribution("site", site=site, records=records)])


@dataclass
class World:
    """A SiteTls over a folder, with everything it depends on."""

    state: Path
    now: float = field(default_factory=lambda: datetime.now(UTC).timestamp())
    desired: Desired = field(default_factory=desired)
    events: list[Event] = field(default_factory=list[Event])

    def tls(self) -> SiteTls:
        tls = SiteTls(self.state, lambda: self.desired, lambda: self.now, self.events.append)
        tls.follow()
        return tls

    def kinds(self) -> list[str]:
        return [event.kind for event in self.events]


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@contextmanager
def serving(context: ssl.SSLContext) -> Generator[int]:
    """Python's own TLS server on loopback, until the block ends; its port."""
    begun: Future[tuple[int, Callable[[], object]]] = Future()

    async def serve() -> None:
        stop, loop = asyncio.Event(), asyncio.get_running_loop()
        server = await asyncio.start_server(_answer, "127.0.0.1", 0, ssl=context)
        async with server:
            port = server.sockets[0].getsockname()[1]
            begun.set_result((port, lambda: loop.call_soon_threadsafe(stop.set)))
            await stop.wait()

    with ThreadPoolExecutor(1) as thread:
        ended = thread.submit(asyncio.run, serve())
        port, stop = begun.result(timeout=30)
        try:
            yield port
        finally:
            stop()
            ended.result(timeout=30)


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(asyncio.IncompleteReadError, OSError):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
    writer.close()


def curl(port: int, name: str, root: Path, *options: str) -> subprocess.CompletedProcess[str]:
    at = ("--resolve", f"{name}:{port}:127.0.0.1", "--noproxy", "*")
    return subprocess.run(
        ("curl", "-sS", "--cacert", root, *at, *options, f"https://{name}:{port}/"),
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )


def root_of(ca: SiteCa, folder: Path) -> Path:
    path = folder / f"{ca.fingerprint[:8]}.crt"
    path.write_text(ca.certificate)
    return path


@pytest.mark.parametrize("name", ["127.0.0.1", "ns.home.example", "mirror.home.example"])
@pytest.mark.parametrize("version", ["1.2", "1.3"])
def test_curl_trusts_it_by_address_and_by_name(world: World, name: str, version: str) -> None:
    world.desired = desired(SITE, DnsRecord("mirror.home.example", "127.0.0.1"))
    tls = world.tls()
    with serving(tls.context) as port:
        done = curl(port, name, root_of(tls.ca, world.state), "--tls-max", version)
    assert (done.returncode, done.stdout) == (0, "ok"), done.stderr


REFUSED = {
    "another CA": ("127.0.0.1", True, "", 60),
    "another name": ("other.home.example", False, "", 60),
    "TLS 1.1": ("127.0.0.1", False, "1.1", 35),
}


@pytest.mark.parametrize("name, foreign, version, code", REFUSED.values(), ids=REFUSED)
def test_curl_refuses(world: World, name: str, foreign: bool, version: str, code: int) -> None:
    tls = world.tls()
    ca = SiteCa(world.state / "other", world.now) if foreign else tls.ca
    options = ("--tls-max", version, "--ciphers", "ALL:@SECLEVEL=0") if version else ()
    with serving(tls.context) as port:
        done = curl(port, name, root_of(ca, world.state), *options)
    assert done.returncode == code, done.stderr


def test_openssl_verifies_the_chain(world: World) -> None:
    tls = world.tls()
    root = root_of(tls.ca, world.state)
    with serving(tls.context) as port:
        done = subprocess.run(
            (
                *("openssl", "s_client", "-connect", f"127.0.0.1:{port}", "-CAfile", root),
                *("-verify_return_error", "-x509_strict", "-verify_ip", "127.0.0.1"),
            ),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )
    assert done.returncode == 0, done.stderr
    assert "Verify return code: 0 (ok)" in done.stdout
    assert "TLSv1.3" in done.stdout


def seen_by(port: int) -> bytes:
    return ssl.get_server_certificate(("127.0.0.1", port)).encode()


def test_it_is_renewed_before_it_ends_without_a_restart(world: World) -> None:
    tls = world.tls()
    with serving(tls.context) as port:
        first = seen_by(port)
        world.now += 59 * DAY
        tls.follow()
        assert seen_by(port) == first
        world.now += 2 * DAY
        tls.follow()
        assert seen_by(port) != first
    assert world.kinds() == ["CertificateIssued"] * 2


def test_a_clock_set_back_brings_one_that_is_valid_then(world: World) -> None:
    tls = world.tls()
    world.now -= 31 * DAY
    tls.follow()
    assert world.kinds() == ["CertificateIssued"] * 2


def test_it_follows_the_declaration(world: World) -> None:
    tls = world.tls()
    other = Network("dmz", "127.0.1.0/24", interface="lo", address="127.0.1.1")
    world.desired = desired(replace(SITE, networks=(LAN, other)))
    tls.follow()
    world.desired = desired(replace(SITE, networks=(LAN, other), http_port=81))
    tls.follow()
    assert [event.detail["names"] for event in world.events] == [
        "ns.home.example, 127.0.0.1",
        "ns.home.example, 127.0.0.1, 127.0.1.1",
    ]


def test_before_there_is_a_site_there_is_no_certificate(world: World) -> None:
    world.desired = desired(None)
    tls = world.tls()
    assert world.kinds() == []
    world.desired = desired()
    tls.follow()
    assert world.kinds() == ["CertificateIssued"]


def test_after_a_restart_it_is_the_same_ca(world: World) -> None:
    assert world.tls().ca.fingerprint == world.tls().ca.fingerprint
    modes = {path.name: path.stat().st_mode & 0o777 for path in (world.state / "tls").iterdir()}
    assert modes == {"site-ca.pem": 0o600, "server.pem": 0o600}


def test_what_cannot_be_written_is_said_once_and_tried_again(world: World) -> None:
    tls = world.tls()
    obstacle = world.state / "tls" / "server.pem.new"
    obstacle.mkdir()
    world.now += 61 * DAY
    for _ in range(3):
        tls.follow()
    assert world.kinds() == ["CertificateIssued", "CertificateNotRenewed"]
    obstacle.rmdir()
    tls.follow()
    assert world.kinds()[2:] == ["CertificateIssued"]


def test_without_a_first_one_it_is_not_begun(world: World) -> None:
    (world.state / "tls" / "server.pem.new").mkdir(parents=True)
    with pytest.raises(CaUnusable, match=r"server\.pem"):
        world.tls()


COVERED = {
    "no site": (desired(None), Covered.of([], [])),
    "no domain": (desired(Site("a", [LAN], [])), Covered.of([], [LAN.ip_address])),
    "records of ours": (
        desired(
            SITE,
            DnsRecord("*.mirror.home.example", "127.0.0.1"),
            DnsRecord("w1.home.example", "127.0.0.9"),
            DnsRecord("ä.home.example", "127.0.0.1"),
            DnsRecord("odd.home.example", "nowhere"),
        ),
        Covered.of(["ns.home.example", "*.mirror.home.example"], [LAN.ip_address]),
    ),
}


@pytest.mark.parametrize("declared, covered", COVERED.values(), ids=COVERED)
def test_what_it_is_for(declared: Desired, covered: Covered) -> None:
    assert covered_by(declared) == covered


def test_it_keeps_itself(world: World) -> None:
    tls = world.tls()
    world.now += 61 * DAY

    async def until_renewed() -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(1.5):
                await tls.keep()

    asyncio.run(until_renewed())
    assert world.kinds() == ["CertificateIssued"] * 2
