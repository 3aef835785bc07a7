"""HTTP: a large file for one client, and scripts rendered for the host that asks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from statistics import median

from bench.effort import Effort
from bench.figure import AtLeast, AtMost, Figure, TimesBest
from bench.gathered import Gathered
from bench.ground import Ground
from bench.load import curl, wrk
from bench.ours import Shipped
from bench.payload import MIB, artifact, payload
from bench.peers import nginx
from bench.peers.unpacked import unpacked
from bench.say import say
from bench.site import site
from bench.subject import Place, Subject, alive
from bench.wire import CLIENT_INTERFACE, CLIENT_MAC, SERVER
from inventory.contribution import Contribution, Ramdisk

FILE = "HTTP: one client, a file of 400 MB"
SCRIPTS = "HTTP: scripts rendered for a host, 64 connections"
P99 = "HTTP: scripts rendered for a host, 64 connections, p99"
CONNECTIONS = 64
_REPEATS = 3
_SIZE = 400_000_000


def measure(effort: Effort, ground: Ground) -> Iterator[Figure]:
    """The same file from us and from nginx; scripts from us alone, who have the only ones."""
    found = Gathered()
    with ground.fresh() as files:
        large = payload(files / "large", round(_SIZE * effort.scale))
        declared = served(large, payload(files / "kernel", MIB))
        path = f"artifacts/{declared.artifacts[0].sha256}/large"
        for number in range(effort.rounds):
            with alive(Shipped(declared).subject, ground) as (place, _):
                _file(place, path, large, Shipped(declared).subject, found)
                _scripts(place, effort.seconds, found)
            for peer in [] if effort.alone else [_nginx(ground, files)]:
                with alive(peer, ground) as (place, _):
                    _file(place, "large", large, peer, found)
            say(f"http, round {number + 1}: done")
    yield found.figure(FILE, "MB/s", TimesBest(0.9, (nginx.NAME,)))
    yield found.figure(SCRIPTS, "1/s", AtLeast(5000))
    yield found.figure(P99, "ms", AtMost(20))


def served(large: Path, kernel: Path) -> Contribution:
    """The site with a file, and a ramdisk that its scripts boot."""
    small = artifact(kernel)
    return Contribution(
        "site", site=site(), artifacts=(artifact(large),), ramdisk=Ramdisk(small, small)
    )


def _nginx(ground: Ground, files: Path) -> Subject:
    return nginx.subject(unpacked(nginx.PACKAGE, ground.cache), files)


def _file(place: Place, path: str, file: Path, subject: Subject, found: Gathered) -> None:
    """What is read once before is in memory, for everybody."""
    file.read_bytes()
    command = curl.command(f"http://{SERVER}/{path}")
    told = [curl.parse(place.wire.client.run(*command).stdout)[0] for _ in range(_REPEATS)]
    size = file.stat().st_size
    assert all(one.size == size for one in told), f"{subject.name}: not {size} bytes: {told}"
    found.add(FILE, subject.name, median(one.megabytes_a_second for one in told))


def _scripts(place: Place, seconds: int, found: Gathered) -> None:
    """The client is a machine with a lease, from a real DHCP client."""
    client = place.wire.client
    client.run("busybox", "udhcpc", "-f", "-q", "-n", "-i", CLIENT_INTERFACE, "-s", "/bin/true")
    url = f"http://{SERVER}/boot.ipxe?mac={CLIENT_MAC.replace(':', '-')}&platform=pcbios"
    told = client.run(*wrk.command(url, CONNECTIONS, seconds), timeout=seconds + 60).stdout
    report = wrk.parse(told)
    assert report.failed == 0, f"{report.failed} requests failed: {told}"
    found.add(SCRIPTS, Shipped().subject.name, report.requests_a_second)
    found.add(P99, Shipped().subject.name, report.p99_ms)
