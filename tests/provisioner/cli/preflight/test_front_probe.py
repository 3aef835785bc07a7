"""A real HAProxy as the site's load balancer, broken in each way that the checks are for, and mended."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Generator, Iterator
from ipaddress import IPv4Address
from pathlib import Path

import pytest

from harmony.domain.preflight.entrance import Balancer, ClusterEntrance
from harmony.domain.preflight.result import Result
from harmony.modules.preflight.front_checks import FrontChecks
from harmony.modules.preflight.fronts import End, Front, Knocked, Purpose
from provisioner.cli.preflight.examination import examine
from provisioner.cli.preflight.front_probe import knock
from provisioner.images.unpacked_tools import environment
from tests.namespaces import NetworkNamespace, Segment, segment
from tests.systemd_machine import unpacked

pytestmark = pytest.mark.protocol

ADDRESS = IPv4Address("10.7.0.5")
CLUSTER = ClusterEntrance("c", "c.example", ADDRESS, Balancer.SITE, ADDRESS)
API, CONFIG = "api-load-balancer-reachable", "machine-config-load-balancer-reachable"
HTTP, HTTPS = "ingress-http-load-balancer-reachable", "ingress-https-load-balancer-reachable"
PORTS = {API: 6443, CONFIG: 22623, HTTP: 80, HTTPS: 443}
BEHIND = {6443: 7443, 22623: 7623, 80: 7080, 443: 7444}
DEFAULTS = """\
defaults
    timeout connect 1s
    timeout client 20s
    timeout server 20s
    retries 0
"""
LISTEN = """\
listen port{port}
    mode {mode}
    bind 10.7.0.5:{port}
    server one 127.0.0.1:{behind}
"""


@pytest.fixture
def wire() -> Iterator[Segment]:
    with segment() as made:
        yield made


@pytest.fixture
def balancer(wire: Segment) -> NetworkNamespace:
    return wire.station("eth0", "10.7.0.5/24")


@pytest.fixture
def jump_host(wire: Segment) -> NetworkNamespace:
    return wire.station("lan0", "10.7.0.1/24")


def listening(**modes: str) -> str:
    """One `listen` a port, in that mode (tcp); without those of mode none."""
    names = {"api": 6443, "config": 22623, "http": 80, "https": 443}
    wanted = {port: modes.get(name, "tcp") for name, port in names.items()}
    blocks = (
        LISTEN.format(port=port, mode=mode, behind=BEHIND[port])
        for port, mode in wanted.items()
        if mode != "none"
    )
    return "\n".join((DEFAULTS, *blocks))


@contextlib.contextmanager
def haproxy(station: NetworkNamespace, folder: Path, configuration: str) -> Generator[None]:
    tree = unpacked("haproxy")
    (folder / "haproxy.cfg").write_text(configuration)
    libraries = environment(tree, {})["LD_LIBRARY_PATH"]
    program = ("env", f"LD_LIBRARY_PATH={libraries}", str(tree / "usr/sbin/haproxy"))
    running = station.start(*program, "-db", "-f", str(folder / "haproxy.cfg"))
    wait_for(station, [f"10.7.0.5:{port}" for port in BEHIND if f":{port}\n" in configuration])
    try:
        yield
    finally:
        running.kill()
        running.wait()


@contextlib.contextmanager
def behind(station: NetworkNamespace, folder: Path) -> Generator[None]:
    """Servers for HAProxy's: three of TLS, which say that all is well, and the router's of HTTP."""
    for name in ("readyz", "healthz"):
        (folder / name).write_text("ok")
    key = ("-keyout", str(folder / "key.pem"), "-out", str(folder / "certificate.pem"))
    subject = ("-subj", "/CN=c.example", "-days", "1")
    station.run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *key, *subject)
    chain = ("-key", str(folder / "key.pem"), "-cert", str(folder / "certificate.pem"))
    started = [
        station.start(
            "sh",
            "-c",
            f'cd "{folder}" && exec openssl s_server -accept {BEHIND[port]} -WWW "$@"',
            "sh",
            *chain,
        )
        for port in (6443, 22623, 443)
    ]
    started.append(
        station.start("busybox", "httpd", "-f", "-p", f"127.0.0.1:{BEHIND[80]}", "-h", str(folder))
    )
    wait_for(station, [f":{port}" for port in BEHIND.values()])
    try:
        yield
    finally:
        for one in started:
            one.kill()
            one.wait()


def wait_for(station: NetworkNamespace, places: list[str]) -> None:
    """Until somebody listens at each."""
    until = time.monotonic() + 20
    while True:
        listed = station.run("ss", "-H", "-l", "-n", "-t").stdout
        if all(f"{place} " in listed for place in places):
            return
        assert time.monotonic() < until, f"not all of {places} listen: {listed}"
        time.sleep(0.02)


def looked(jump_host: NetworkNamespace) -> dict[str, Result]:
    checks = list(FrontChecks(knock, "q7x").of_cluster(CLUSTER))
    return {one.check: one for one in jump_host.call(lambda: asyncio.run(examine(checks)))}


def verdicts(found: dict[str, Result]) -> dict[str, str]:
    return {check: one.verdict.value for check, one in found.items()}


@pytest.mark.parametrize("check", PORTS)
def test_a_frontend_that_is_missing(
    balancer: NetworkNamespace, jump_host: NetworkNamespace, tmp_path: Path, check: str
) -> None:
    name = {6443: "api", 22623: "config", 80: "http", 443: "https"}[PORTS[check]]
    with haproxy(balancer, tmp_path, listening(**{name: "none"})):
        found = looked(jump_host)
    assert verdicts(found) == dict.fromkeys(PORTS, "pending") | {check: "failure"}
    assert found[check].words == f"10.7.0.5:{PORTS[check]} refuses the connection"
    assert f"bind 10.7.0.5:{PORTS[check]}, mode tcp" in found[check].fix
    with haproxy(balancer, tmp_path, listening()):
        assert verdicts(looked(jump_host)) == dict.fromkeys(PORTS, "pending")


def test_a_frontend_that_does_not_pass_tls_through(
    balancer: NetworkNamespace, jump_host: NetworkNamespace, tmp_path: Path
) -> None:
    with haproxy(balancer, tmp_path, listening(api="http")):
        found = looked(jump_host)[API]
    assert found.verdict.value == "failure"
    assert found.words == "10.7.0.5:6443 takes the connection and speaks no TLS"
    assert "HAProxy: mode tcp" in found.fix


def test_all_well_to_the_end(
    balancer: NetworkNamespace, jump_host: NetworkNamespace, tmp_path: Path
) -> None:
    with behind(balancer, tmp_path), haproxy(balancer, tmp_path, listening()):
        found = looked(jump_host)
    assert verdicts(found) == dict.fromkeys(PORTS, "success"), found
    assert found[API].words == "10.7.0.5:6443 answers 200 to /readyz"


def test_refused_dropped_and_without_a_way_are_told_apart(
    balancer: NetworkNamespace, jump_host: NetworkNamespace
) -> None:
    def end(address: str) -> Knocked:
        front = Front(IPv4Address(address), 6443, "api", "/readyz", True, Purpose.HEALTH)
        return jump_host.call(lambda: asyncio.run(knock(front)))

    assert end("10.7.0.5") == Knocked(End.REFUSED)
    assert end("192.0.2.5") == Knocked(End.UNREACHABLE)
    neighbour = ("10.7.0.5", "lladdr", "02:00:00:00:00:99", "dev", "lan0")
    jump_host.run("ip", "neigh", "replace", *neighbour)
    assert end("10.7.0.5") == Knocked(End.TIMED_OUT)


@pytest.mark.parametrize(
    ("says", "end"),
    [
        (b"220 mail.example ESMTP\r\n", Knocked(End.NO_HTTP)),
        (b"", Knocked(End.CLOSED)),
        (b"HTTP/1.1 503 Service Unavailable\r\n", Knocked(End.ANSWERED, 503)),
    ],
)
def test_odd_answers(says: bytes, end: Knocked) -> None:
    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(says)
        writer.close()
        await writer.wait_closed()

    async def story() -> Knocked:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        local = IPv4Address("127.0.0.1")
        async with server:
            return await knock(Front(local, port, "x", "/", False, Purpose.ROUTER))

    assert asyncio.run(story()) == end


def test_one_that_says_nothing() -> None:
    async def story() -> Knocked:
        waiting = asyncio.Event()

        async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await waiting.wait()
            writer.close()

        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        local = IPv4Address("127.0.0.1")
        async with server:
            found = await knock(Front(local, port, "x", "/", True, Purpose.HEALTH))
            waiting.set()
            return found

    assert asyncio.run(story()) == Knocked(End.SILENT)
