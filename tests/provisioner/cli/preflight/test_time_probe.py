"""chronyd as the site's time server, broken in each way that a check is for, and mended as its fix says."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from ipaddress import IPv4Address
from pathlib import Path

import pytest

from harmony.domain.preflight.result import Result
from harmony.modules.preflight.clock_checks import ClockChecks
from harmony.modules.preflight.clocks import TimeAnswer, TimeSilence
from inventory import Network, Site
from provisioner.cli.preflight.examination import examine
from provisioner.cli.preflight.time_probe import ask, ask_all
from tests.foreign_time_server import chronyd
from tests.namespaces import NetworkNamespace, Segment, segment

pytestmark = pytest.mark.protocol

SERVER = IPv4Address("10.7.0.2")
LAN = Network("lan", "10.7.0.0/24", interface="lan0", address="10.7.0.1", ntp=["10.7.0.2"])
RIGHT = ("local stratum 8", "allow 10.7.0.0/24")
SYNCED, CLOCK = "ntp-synced", "time-synced-between-jump-host-and-servers"


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


def looked(jump_host: NetworkNamespace, ahead: float = 0.0) -> dict[str, Result]:
    """With a clock that is so many seconds ahead of the real one."""

    async def asked(servers: Sequence[IPv4Address]) -> Sequence[TimeAnswer]:
        return await ask_all(servers, lambda: time.time() + ahead)

    checks = list(ClockChecks(asked).of_site(Site("home", [LAN], [])))
    results = jump_host.call(lambda: asyncio.run(examine(checks)))
    return {one.check: one for one in results}


def assert_right(jump_host: NetworkNamespace, server: NetworkNamespace, folder: Path) -> None:
    with chronyd(server, folder, *RIGHT):
        mended = looked(jump_host)
    assert {one.verdict.value for one in mended.values()} == {"success"}, mended


@pytest.mark.parametrize(
    ("configuration", "words", "fix"),
    [
        (
            ("allow 10.7.0.0/24",),
            "10.7.0.2 answers, and its own clock isn't set",
            "chrony: local stratum 8",
        ),
        (("local stratum 8",), "its UDP port 123 is closed", "chrony: allow SUBNET"),
        (("local stratum 8", "allow 10.8.0.0/24"), "10.7.0.2 doesn't answer", "allow SUBNET"),
    ],
)
def test_a_server_that_is_no_use(
    server: NetworkNamespace,
    jump_host: NetworkNamespace,
    tmp_path: Path,
    configuration: tuple[str, ...],
    words: str,
    fix: str,
) -> None:
    with chronyd(server, tmp_path, *configuration):
        found = looked(jump_host)
    assert found[SYNCED].verdict.value == "failure"
    assert words in found[SYNCED].words
    assert fix in found[SYNCED].fix
    assert found[CLOCK].verdict.value == "pending"
    assert_right(jump_host, server, tmp_path)


@pytest.mark.parametrize(("ahead", "words"), [(300.0, "5 minutes ahead of"), (-2.5, "s behind")])
def test_a_jump_host_whose_clock_is_wrong(
    server: NetworkNamespace, jump_host: NetworkNamespace, tmp_path: Path, ahead: float, words: str
) -> None:
    with chronyd(server, tmp_path, *RIGHT):
        found = looked(jump_host, ahead)
    assert found[SYNCED].verdict.value == "success"
    assert found[CLOCK].verdict.value == "failure"
    assert words in found[CLOCK].words
    assert "chronyc makestep" in found[CLOCK].fix
    assert_right(jump_host, server, tmp_path)


def silence(jump_host: NetworkNamespace, of: IPv4Address) -> TimeSilence | None:
    return jump_host.call(lambda: asyncio.run(ask(of, time.time))).silence


def test_each_kind_of_silence_is_told_apart(
    server: NetworkNamespace, jump_host: NetworkNamespace
) -> None:
    assert silence(jump_host, SERVER) is TimeSilence.PORT_CLOSED
    assert silence(jump_host, IPv4Address("192.0.2.1")) is TimeSilence.UNREACHABLE
    jump_host.run(
        "ip", "neigh", "replace", str(SERVER), "lladdr", "02:00:00:00:00:99", "dev", "lan0"
    )
    assert silence(jump_host, SERVER) is TimeSilence.TIMED_OUT


def test_what_is_no_ntp() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as odd:
        odd.bind(("127.0.0.1", 0))

        def babble() -> None:
            for _ in range(3):
                _, peer = odd.recvfrom(2048)
                odd.sendto(b"ntp?", peer)

        talker = threading.Thread(target=babble)
        talker.start()
        answer = asyncio.run(ask(IPv4Address("127.0.0.1"), time.time, odd.getsockname()[1]))
        talker.join()
    assert answer.silence is TimeSilence.NO_NTP
