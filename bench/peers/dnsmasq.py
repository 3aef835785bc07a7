"""dnsmasq, one process for all of it: DHCP, TFTP and DNS."""

from __future__ import annotations

import contextlib
import subprocess
import time
from collections.abc import Generator
from pathlib import Path

from bench.site import DOMAIN, LEASE_SECONDS, RESERVATIONS, hosts
from bench.subject import Place, Running, Subject, ended
from bench.wire import POOL, SERVER_INTERFACE, SUBNET

NAME = "dnsmasq"


def version() -> str:
    told = subprocess.run(("dnsmasq", "--version"), capture_output=True, text=True, check=True)
    return told.stdout.split()[2]


@contextlib.contextmanager
def running(place: Place, *options: str, under: tuple[str, ...] = ()) -> Generator[Running]:
    """With these lines of configuration; ready when it has bound its sockets. `under` is a command that
    runs it, if there is one."""
    file = place.folder / "dnsmasq.conf"
    log = place.folder / "dnsmasq.log"
    always = ("keep-in-foreground", f"log-facility={log}", "no-resolv", "no-hosts", "bind-dynamic")
    file.write_text("\n".join((*always, "user=root", f"interface={SERVER_INTERFACE}", *options)))
    command = (*under, "dnsmasq", f"--conf-file={file}", "--pid-file=")
    process = place.wire.server.start(*command)
    try:
        _wait_until_started(process, log)
        yield Running((process.pid,))
    finally:
        ended(process)


def _wait_until_started(process: subprocess.Popen[str], log: Path) -> None:
    until = time.monotonic() + 20
    while not log.exists() or "started, version" not in log.read_text():
        assert process.poll() is None, f"dnsmasq ended with {process.returncode}"
        assert time.monotonic() < until, "dnsmasq doesn't start"
        time.sleep(0.02)
    time.sleep(0.2)


def dhcp_options(folder: Path) -> tuple[str, ...]:
    """A lease file on disk; addresses not looked for by ping, so that it answers at once."""
    first, last = POOL
    reserved = (
        f"dhcp-host={host.nics[0].mac},{host.address},{host.name}" for host in hosts(RESERVATIONS)
    )
    return (
        f"dhcp-range={first},{last},{SUBNET.netmask},{LEASE_SECONDS}",
        f"dhcp-leasefile={folder / 'leases'}",
        f"dhcp-lease-max={SUBNET.num_addresses}",
        f"domain={DOMAIN}",
        "dhcp-authoritative",
        "no-ping",
        *reserved,
    )


@contextlib.contextmanager
def _dhcp(place: Place) -> Generator[Running]:
    with running(place, "port=0", *dhcp_options(place.folder)) as started:
        yield started


@contextlib.contextmanager
def _forgetful(place: Place) -> Generator[Running]:
    own = ("port=0", "leasefile-ro", "quiet-dhcp")
    with running(place, *own, *dhcp_options(place.folder)) as started:
        yield started


DHCP = Subject(NAME, _dhcp)
"""It writes its whole lease file anew, and syncs it, for every ACK."""
FORGETFUL_DHCP = Subject(f"{NAME} in memory", _forgetful)
"""As fast as it can be made: no lease file and no log."""


def tftp(folder: Path) -> Subject:
    """It serves the folder's files, to as many as ask."""

    @contextlib.contextmanager
    def start(place: Place) -> Generator[Running]:
        serving = ("enable-tftp", f"tftp-root={folder}", "tftp-max=1000")
        with running(place, "port=0", *serving) as started:
            yield started

    return Subject(NAME, start)


def dns(under: tuple[str, ...]) -> Subject:
    """It answers for the site's hosts, out of a file."""

    @contextlib.contextmanager
    def start(place: Place) -> Generator[Running]:
        names = place.folder / "hosts"
        lines = (f"{host.address} {host.name}.{DOMAIN}\n" for host in hosts(RESERVATIONS))
        names.write_text("".join(lines))
        own = (f"addn-hosts={names}", f"local=/{DOMAIN}/", "local-ttl=60")
        with running(place, *own, under=under) as started:
            yield started

    return Subject(NAME, start)
