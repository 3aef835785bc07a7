"""This computer broken on purpose, in namespaces: full, read-only and odd disks; somebody else's ports."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator, Sequence
from ipaddress import IPv4Address
from pathlib import Path

import pytest

from harmony.domain.preflight.result import Result
from harmony.modules.preflight.jump_host import Card, Listener
from harmony.modules.preflight.jump_host_checks import JumpHostChecks
from inventory import Network, Site
from provisioner.cli.preflight import jump_host_probe
from provisioner.cli.preflight.examination import examine
from provisioner.cli.preflight.jump_host_probe import cards_of, read_listeners, room
from provisioner.serve.links import Interface, interfaces
from tests.foreign_servers import dnsmasq
from tests.namespaces import NetworkNamespace, Segment, segment
from tests.provisioner.cli.preflight.test_name_probe import answering

pytestmark = pytest.mark.protocol

LAN = Network("lan", "10.7.0.0/24", interface="eth0", address="10.7.0.1")
SITE = Site("home", [LAN], [])
DISK = """\
import asyncio, sys
from harmony.modules.preflight.jump_host import judge_room
from provisioner.cli.preflight.jump_host_probe import room
finding = judge_room(asyncio.run(room(sys.argv[1] + "/not/there/yet")), 1_000_000_000)
print(finding.verdict, finding.words, finding.fix, sep="|")
"""


@pytest.fixture
def wire() -> Iterator[Segment]:
    with segment() as made:
        yield made


def on_disk(folder: Path, options: str) -> list[str]:
    """Verdict, words and fix, of a disk mounted with these options: nobody else sees it."""
    script = f'mount -t tmpfs -o {options} disk "$1" && exec "$2" -c "$3" "$1"'
    command = ("unshare", "--mount", "sh", "-ec", script, "sh", folder, sys.executable, DISK)
    done = subprocess.run(command, text=True, capture_output=True, check=True, timeout=60)
    return done.stdout.strip().split("|")


@pytest.mark.parametrize(
    ("options", "words", "fix"),
    [
        ("size=16m", "17 MB are free in", "make room there"),
        ("size=2g,ro", "can't be written", "see in `dmesg`"),
        ("size=2g,nr_inodes=1", "it has run out of inodes", "delete files there"),
    ],
)
def test_disks(tmp_path: Path, options: str, words: str, fix: str) -> None:
    verdict, said, to_do = on_disk(tmp_path, options)
    assert verdict == "failure"
    assert words in said
    assert fix in to_do
    assert on_disk(tmp_path, "size=2g")[0] == "success"


def test_a_folder_that_is_not_there_yet_is_on_the_disk_of_the_one_above(tmp_path: Path) -> None:
    found = asyncio.run(room(str(tmp_path / "a" / "b")))
    assert found.folder == str(tmp_path / "a" / "b")
    assert found.free > 0


def looked(jump_host: NetworkNamespace) -> dict[str, Result]:
    def look() -> tuple[Result, ...]:
        cards = cards_of(interfaces())
        made = JumpHostChecks(cards, {}, room, jump_host_probe.listeners, is_serving=False)
        return asyncio.run(examine(made.of_site(SITE)))

    return {one.check: one for one in jump_host.call(look)}


def test_ports_that_another_has_and_free_again(wire: Segment) -> None:
    jump_host = wire.station("eth0", "10.7.0.1/24")
    with dnsmasq(jump_host, "10.7.0.100", "10.7.0.110"), answering(jump_host, ()):
        found = looked(jump_host)["jump-host-ports-free"]
    assert found.verdict.value == "failure"
    assert "dnsmasq (process " in found.words
    assert {"udp 53", "tcp 53", "udp 67"} <= {one.split(":")[0] for one in _taken(found)}
    assert found.fix.startswith("stop dnsmasq (process ")
    mended = looked(jump_host)["jump-host-ports-free"]
    assert (mended.verdict.value, _taken(mended)) == ("success", ())


def _taken(result: Result) -> Sequence[str]:
    taken = result.seen["taken"]
    assert isinstance(taken, tuple)
    return taken


def test_interfaces_as_they_are_and_mended_as_the_fix_says(wire: Segment) -> None:
    jump_host = wire.station("eth0")
    found = looked(jump_host)["jump-host-network-configured"]
    assert "interface eth0 lacks 10.7.0.1: it has no address" in found.words
    jump_host.run(*found.fix.partition(",")[0].split())
    jump_host.run("ip", "link", "set", "eth0", "down")
    found = looked(jump_host)["jump-host-network-configured"]
    assert found.words == "interface eth0 is down"
    jump_host.run(*found.fix.split())
    assert looked(jump_host)["jump-host-network-configured"].verdict.value == "success"


def test_what_ss_says() -> None:
    said = (
        'udp UNCONN 0 0 0.0.0.0%eth0:67 0.0.0.0:* users:(("dnsmasq",pid=12,fd=4))',
        'udp UNCONN 0 0 127.0.0.53%lo:53 0.0.0.0:* users:(("systemd-resolve",pid=1,fd=4))',
        "tcp LISTEN 0 511 *:80 *:*",
        "tcp LISTEN 0 511 [::]:443 [::]:*",
        "tcp LISTEN",
    )
    assert list(read_listeners(said)) == [
        Listener("udp", 67, None, "eth0", "dnsmasq (process 12)"),
        Listener("udp", 53, "127.0.0.53", "lo", "systemd-resolve (process 1)"),
        Listener("tcp", 80, None),
    ]


def test_cards() -> None:
    address = IPv4Address("10.7.0.1")
    assert cards_of([Interface("lan0", True, (address,))]) == (Card("lan0", True, (address,)),)
