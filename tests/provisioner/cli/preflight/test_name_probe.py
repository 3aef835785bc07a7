"""dnsmasq as the site's name server, broken in each way that a check is for, and mended as its fix says."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address

import pytest

from harmony.domain.preflight.entrance import Balancer, ClusterEntrance
from harmony.domain.preflight.result import Result
from harmony.modules.preflight.name_answer import NameAnswer, Resolver, Silence
from harmony.modules.preflight.name_checks import NameChecks, RecordType
from inventory import Host, Network, Site
from provisioner.cli.preflight.examination import examine
from provisioner.cli.preflight.name_probe import ask, ask_all
from tests.namespaces import NetworkNamespace, Segment, segment

pytestmark = pytest.mark.protocol

SERVER = Resolver(IPv4Address("10.7.0.2"), is_ours=False)
CLUSTER = ClusterEntrance(
    "c",
    "c.home.example",
    IPv4Address("10.7.0.5"),
    Balancer.SITE,
    IPv4Address("10.7.0.6"),
    base_domain="home.example",
)
NOBODYS = "02:00:00:00:00:99"
LAN = Network("lan", "10.7.0.0/24", interface="lan0", address="10.7.0.1", dns=["10.7.0.2"])
SITE = Site("home", [LAN], [Host("cp1", address="10.7.0.11")], domain="home.example")
API = "--address=/api.c.home.example/10.7.0.5"
API_INT = "--address=/api-int.c.home.example/10.7.0.5"
APPS = "--address=/apps.c.home.example/10.7.0.6"
CP1 = "--address=/cp1.home.example/10.7.0.11"
API_PTR = "--ptr-record=5.0.7.10.in-addr.arpa,api.c.home.example"
API_INT_PTR = "--ptr-record=5.0.7.10.in-addr.arpa,api-int.c.home.example"
CP1_PTR = "--ptr-record=11.0.7.10.in-addr.arpa,cp1.home.example"
RIGHT = (API, API_INT, APPS, CP1, API_PTR, API_INT_PTR, CP1_PTR)


@dataclass(frozen=True)
class Wrong:
    """The check that finds it; the right record that is left out, and the wrong one that is there."""

    check: str
    words: str
    fix: str
    lacks: str = ""
    has: str = ""


BROKEN = [
    Wrong(
        "api-domain-name-resolved-correctly",
        "10.7.0.2 says 10.7.0.99",
        "api.c.home.example. IN A 10.7.0.5, and no other",
        lacks=API,
        has="--address=/api.c.home.example/10.7.0.99",
    ),
    Wrong(
        "api-int-domain-name-resolved-correctly",
        "10.7.0.2 says NXDOMAIN",
        "api-int.c.home.example. IN A 10.7.0.5",
        lacks=API_INT,
    ),
    Wrong(
        "api-address-resolved-correctly",
        "10.7.0.2 says api-int.c.home.example",
        "5.0.7.10.in-addr.arpa. IN PTR api.c.home.example.",
        lacks=API_PTR,
    ),
    Wrong(
        "api-int-address-resolved-correctly",
        "10.7.0.2 says api.c.home.example",
        "5.0.7.10.in-addr.arpa. IN PTR api-int.c.home.example.",
        lacks=API_INT_PTR,
    ),
    Wrong(
        "apps-domain-name-resolved-correctly",
        "10.7.0.2 says NXDOMAIN",
        "*.apps.c.home.example. IN A 10.7.0.6",
        lacks=APPS,
    ),
    Wrong(
        "dns-wildcard-not-configured",
        "10.7.0.2 says 10.7.0.6 of q7x.c.home.example; 10.7.0.2 says 10.7.0.6 of q7x.home.example",
        "take the record *.c.home.example and *.home.example out",
        has="--address=/home.example/10.7.0.6",
    ),
    Wrong(
        "host-domain-name-resolved-correctly",
        "10.7.0.2 says 10.7.0.77",
        "cp1.home.example. IN A 10.7.0.11",
        lacks=CP1,
        has="--address=/cp1.home.example/10.7.0.77",
    ),
    Wrong(
        "host-address-resolved-correctly",
        "10.7.0.2 says cp1.home.example, old.home.example",
        "11.0.7.10.in-addr.arpa. IN PTR cp1.home.example., and no other",
        has="--ptr-record=11.0.7.10.in-addr.arpa,old.home.example",
    ),
]


@pytest.fixture
def wire() -> Iterator[Segment]:
    with segment() as made:
        yield made


@pytest.fixture
def server(wire: Segment) -> NetworkNamespace:
    return wire.station("eth0", "10.7.0.2/24")


@pytest.fixture
def jump_host(wire: Segment) -> NetworkNamespace:
    return wire.station("lan0", "10.7.0.1/24")


@contextlib.contextmanager
def answering(server: NetworkNamespace, records: Sequence[str]) -> Generator[None]:
    quiet = ("--keep-in-foreground", "--conf-file=/dev/null", "--log-facility=-", "--user=root")
    local = ("--no-hosts", "--no-resolv", "--local=/example/", "--local=/10.in-addr.arpa/")
    running = server.start("dnsmasq", *quiet, *local, *records)
    assert running.stdout is not None
    assert any("started" in line for line in running.stdout), "dnsmasq has ended"
    try:
        yield
    finally:
        running.kill()
        running.wait()


def looked(jump_host: NetworkNamespace) -> dict[str, Result]:
    async def asked(names: Sequence[str], record: RecordType) -> Sequence[NameAnswer]:
        return await ask_all([SERVER], names, record)

    checks = NameChecks(asked, "q7x")
    made = [*checks.of_cluster(CLUSTER), *checks.of_hosts(SITE, [])]
    results = jump_host.call(lambda: asyncio.run(examine(made)))
    return {one.check: one for one in results}


@pytest.mark.parametrize("wrong", BROKEN, ids=lambda one: one.check)
def test_what_is_wrong_is_found_and_passes_once_mended(
    server: NetworkNamespace, jump_host: NetworkNamespace, wrong: Wrong
) -> None:
    left = [record for record in RIGHT if record != wrong.lacks]
    with answering(server, [*filter(None, [wrong.has]), *left]):
        found = looked(jump_host)
    assert [one for one, result in found.items() if result.blocks] == [wrong.check]
    assert wrong.words in found[wrong.check].words
    assert wrong.fix in found[wrong.check].fix
    with answering(server, RIGHT):
        mended = looked(jump_host)
    assert {one.verdict.value for one in mended.values()} == {"success"}


def drop(jump_host: NetworkNamespace) -> None:
    """As a firewall does: what is sent to the server goes to a MAC that nobody has."""
    jump_host.run("ip", "neigh", "replace", "10.7.0.2", "lladdr", NOBODYS, "dev", "lan0")


def asked(jump_host: NetworkNamespace, of: Resolver = SERVER) -> NameAnswer:
    return jump_host.call(lambda: asyncio.run(ask(of, "cp1.home.example", RecordType.A)))


def test_each_kind_of_silence_is_told_apart(
    server: NetworkNamespace, jump_host: NetworkNamespace
) -> None:
    assert asked(jump_host).silence is Silence.PORT_CLOSED
    elsewhere = Resolver(IPv4Address("192.0.2.53"), is_ours=False)
    assert asked(jump_host, elsewhere).silence is Silence.UNREACHABLE
    drop(jump_host)
    assert asked(jump_host).silence is Silence.TIMED_OUT


def test_a_silent_name_server_fails_every_check_in_time(
    server: NetworkNamespace, jump_host: NetworkNamespace
) -> None:
    drop(jump_host)
    found = looked(jump_host)
    assert {one.verdict.value for one in found.values()} == {"failure"}
    assert all("see that a name server runs at 10.7.0.2" in one.fix for one in found.values())
    assert max(one.seconds for one in found.values()) < 5


def test_an_answer_that_is_too_long_for_udp_is_taken_by_tcp(
    server: NetworkNamespace, jump_host: NetworkNamespace
) -> None:
    many = [f"--host-record=cp1.home.example,10.8.0.{number}" for number in range(1, 201)]
    with answering(server, many):
        assert len(asked(jump_host).values) == 200


def test_what_is_no_dns() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as odd:
        odd.bind(("127.0.0.1", 0))
        port = odd.getsockname()[1]

        def babble() -> None:
            for _ in range(3):
                _, peer = odd.recvfrom(2048)
                odd.sendto(b"\xff\x00", peer)

        talker = threading.Thread(target=babble)
        talker.start()
        local = Resolver(IPv4Address("127.0.0.1"), is_ours=False)
        answer = asyncio.run(ask(local, "cp1.home.example", RecordType.A, port))
        talker.join()
    assert answer.silence is Silence.NO_DNS
