"""Kea's DHCPv4 server."""

from __future__ import annotations

import contextlib
import json
import subprocess
import time
from collections.abc import Generator
from pathlib import Path

from bench.peers.unpacked import Unpacked
from bench.site import LEASE_SECONDS, RESERVATIONS, hosts
from bench.subject import Place, Running, Subject, ended
from bench.wire import POOL, SERVER_INTERFACE, SUBNET

NAME = "kea"
PACKAGE = "kea-dhcp4-server"


def dhcp(kea: Unpacked) -> Subject:
    """Leases in its memory file, which it writes to disk; sockets as it is told to use for relays."""

    @contextlib.contextmanager
    def start(place: Place) -> Generator[Running]:
        file, log = place.folder / "kea.json", place.folder / "kea.log"
        file.write_text(json.dumps(configuration(place.folder)))
        own = ("env", f"KEA_PIDFILE_DIR={place.folder}", f"KEA_LOCKFILE_DIR={place.folder}")
        with log.open("w") as output:
            command = (*own, *kea.command("usr/sbin/kea-dhcp4", "-c", str(file)))
            process = place.wire.server.start(*command, output=output)
        try:
            _wait_until_started(process, log)
            yield Running((process.pid,))
        finally:
            ended(process)

    return Subject(NAME, start)


def configuration(folder: Path) -> dict[str, object]:
    """The document that it reads."""
    first, last = POOL
    reserved = [
        {"hw-address": host.nics[0].mac, "ip-address": host.address, "hostname": host.name}
        for host in hosts(RESERVATIONS)
    ]
    subnet: dict[str, object] = {
        "id": 1,
        "subnet": str(SUBNET),
        "pools": [{"pool": f"{first} - {last}"}],
        "reservations": reserved,
    }
    logger = {"name": "kea-dhcp4", "severity": "INFO", "output_options": [{"output": "stdout"}]}
    return {
        "Dhcp4": {
            "interfaces-config": {"interfaces": [SERVER_INTERFACE], "dhcp-socket-type": "udp"},
            "lease-database": {
                "type": "memfile",
                "persist": True,
                "name": str(folder / "leases.csv"),
            },
            "valid-lifetime": LEASE_SECONDS,
            "subnet4": [subnet],
            "loggers": [logger],
        }
    }


def _wait_until_started(process: subprocess.Popen[str], log: Path) -> None:
    until = time.monotonic() + 30
    while "DHCP4_STARTED" not in log.read_text():
        assert process.poll() is None, f"kea ended: {log.read_text()[-1000:]}"
        assert time.monotonic() < until, "kea doesn't start"
        time.sleep(0.02)
