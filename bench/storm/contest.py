"""The storm: a thousand machines after a power cut, on us and on dnsmasq with nginx."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from ipaddress import summarize_address_range
from pathlib import Path

from bench.effort import Effort
from bench.figure import AtMost, Figure
from bench.gathered import Gathered
from bench.ground import Ground
from bench.ours import Shipped
from bench.payload import artifact, payload
from bench.peers import dnsmasq, nginx
from bench.peers.unpacked import Unpacked, unpacked
from bench.say import say
from bench.site import RESERVATIONS, site
from bench.storm.machine import Step
from bench.subject import Place, Running, Subject, alive
from bench.usage import MB, Usage, watching
from bench.wire import CLIENT, CLIENT_INTERFACE, POOL, SERVER, Wire
from inventory.contribution import Contribution, Ramdisk
from inventory.host import Host

MACHINES = 1000
PROGRAM = "undionly.kpxe"
_PROGRAM_SIZE, _KERNEL_SIZE = 300_000, 10_000_000
_PATIENCE = 1800.0
GAVE_UP = "storm: machines that gave up"
DHCP = "storm: DISCOVER to ACK, p99"
MEMORY = "storm: memory at its peak (PSS, with all children)"
RSS = "storm: memory at its peak (RSS, added up)"
DURATION = "storm: until the last has its kernel"
PEER = "dnsmasq + nginx"
_RANKS = ("median", "p99")


@dataclass(frozen=True, slots=True)
class Storm:
    """What came of one: `outcome` as bench.storm.crowd prints it."""

    outcome: dict[str, object]
    usage: Usage

    def number(self, *path: str) -> float:
        """At that place of the outcome."""
        found: object = self.outcome
        for name in path:
            assert isinstance(found, dict)
            found = found[name]  # pyright: ignore[reportUnknownVariableType]
        assert isinstance(found, int | float)
        return float(found)

    @property
    def gave_up(self) -> float:
        return self.number("machines") - self.number("booted")


def measure(effort: Effort, ground: Ground) -> Iterator[Figure]:
    """Both get the same files to serve."""
    found = Gathered()
    machines = max(round(MACHINES * effort.scale), 1)
    with files(ground) as served:
        for number in range(effort.rounds):
            for subject in subjects(effort, ground, served):
                with alive(subject, ground) as (place, running):
                    storm = storm_on(place, running, machines)
                _add(found, subject.name, storm)
                say(f"storm, round {number + 1}: {subject.name}: {described_in_words(storm)}")
    yield found.figure(GAVE_UP, "machines", AtMost(0))
    yield found.figure(DHCP, "s", AtMost(1.0))
    yield found.figure(MEMORY, "MB", AtMost(300))
    yield found.figure(RSS, "MB", None)
    yield found.figure(DURATION, "s", None)
    for step in Step:
        for rank in _RANKS:
            yield found.figure(f"storm: {step}, {rank}", "s", None)


@contextlib.contextmanager
def files(ground: Ground) -> Generator[Path]:
    """The boot program, the kernel and, for nginx, the script that we would render."""
    with ground.fresh() as folder:
        payload(folder / PROGRAM, _PROGRAM_SIZE)
        payload(folder / "snponly.efi", _PROGRAM_SIZE)
        payload(folder / "kernel", _KERNEL_SIZE)
        script = f"#!ipxe\nkernel http://{SERVER}/kernel initrd=initrd.img\nboot\n"
        (folder / "boot.ipxe").write_text(script)
        yield folder


def subjects(effort: Effort, ground: Ground, served: Path) -> list[Subject]:
    """We and, unless alone, the pair that people put together."""
    ours = shipped(served).subject
    return [ours] if effort.alone else [ours, _pair(unpacked(nginx.PACKAGE, ground.cache), served)]


def shipped(served: Path) -> Shipped:
    """Our daemon with a ramdisk for everybody."""
    return Shipped(wish(served), programs=served)


def wish(served: Path, declared: int = RESERVATIONS, *more: Host) -> Contribution:
    """The site with that many hosts."""
    kernel = artifact(served / "kernel")
    return Contribution("site", site=site(declared, *more), ramdisk=Ramdisk(kernel, kernel))


def storm_on(place: Place, running: Running, machines: int, first: int = 1) -> Storm:
    """That many machines, each of which boots from its own leased address."""
    _route(place.wire)
    crowd = (sys.executable, "-m", "bench.storm.crowd", "--interface", CLIENT_INTERFACE)
    numbers = ("--machines", str(machines), "--first", str(first))
    with watching(running.processes) as usage:
        told = place.wire.client.run(*crowd, *numbers, timeout=_PATIENCE).stdout
    return Storm(json.loads(told), usage)


def _route(joined: Wire) -> None:
    """Every address of the pool is the client's; it answers no ARP for them, or they would be found
    taken before they are leased. The server reaches them through the client, as through a router: else
    its kernel's table of neighbours would be what is measured."""
    joined.client.run("sysctl", "-qw", "net.ipv4.conf.all.arp_ignore=1")
    for part in summarize_address_range(*POOL):
        joined.client.run("ip", "route", "replace", "local", str(part), "dev", "lo")
        joined.server.run("ip", "route", "replace", str(part), "via", str(CLIENT))


def _pair(package: Unpacked, served: Path) -> Subject:
    @contextlib.contextmanager
    def start(place: Place) -> Generator[Running]:
        booting = (
            *("enable-tftp", f"tftp-root={served}", "tftp-max=8000", "dhcp-match=set:ipxe,175"),
            f"dhcp-boot=tag:!ipxe,{PROGRAM}",
            f"dhcp-boot=tag:ipxe,http://{SERVER}/boot.ipxe",
        )
        options = (*dnsmasq.dhcp_options(place.folder), *booting)
        with (
            dnsmasq.running(place, "port=0", *options) as first,
            nginx.running(package, served, place) as second,
        ):
            yield Running((*first.processes, *second.processes))

    return Subject(PEER, start)


def _add(found: Gathered, name: str, storm: Storm) -> None:
    found.add(GAVE_UP, name, storm.gave_up)
    found.add(DHCP, name, storm.number("dhcp", "p99"))
    found.add(MEMORY, name, storm.usage.peak / MB)
    found.add(DURATION, name, storm.number("seconds"))
    found.add(RSS, name, storm.usage.peak_rss / MB)
    for step in Step:
        for rank in _RANKS:
            found.add(f"storm: {step}, {rank}", name, storm.number("steps", step, rank))


def described_in_words(storm: Storm) -> str:
    return (
        f"{storm.number('booted'):.0f} of {storm.number('machines'):.0f} booted in "
        f"{storm.number('seconds'):.1f} s, DHCP p99 {storm.number('dhcp', 'p99') * 1000:.0f} ms, "
        f"{storm.number('tries'):.2f} tries, {storm.usage.peak / MB:.0f} MB PSS, "
        f"{storm.usage.peak_rss / MB:.0f} MB RSS, {storm.usage.cpu_seconds:.1f} s of CPU "
        f"(simulator: {storm.number('own_cpu_seconds'):.1f}), gave up: {storm.outcome['gave_up']}"
    )
