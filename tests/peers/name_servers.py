"""Name servers that aren't ours, BIND 9 and Knot DNS, with zones that may be updated with a key.

Each runs in a network namespace of its own, on 127.0.0.1, out of a folder: its packages are unpacked and
never installed, so nothing of it is ever a service of the machine.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Generator, Mapping
from pathlib import Path
from typing import ClassVar

from typing_extensions import override

from provisioner.images.unpacked_tools import environment
from tests.namespaces import NetworkNamespace
from tests.systemd_machine import unpacked

FORWARD, REVERSE, ELSEWHERE = "home.example", "7.10.in-addr.arpa", "elsewhere.example"
"""ELSEWHERE is served, and the key may nothing there."""
SECRET = "bm90IGEgc2VjcmV0IG9mIGFueWJvZHksIGJ1dCBsb25nIGVub3VnaA=="
KEY = f'key "harmony" {{\n\talgorithm hmac-sha256;\n\tsecret "{SECRET}";\n}};\n'
ZONE = "@ 3600 IN SOA ns hostmaster 1 3600 600 86400 60\n@ 3600 IN NS ns.{origin}\n"
BY_HAND: Mapping[str, str] = {
    FORWARD: "ns A 10.7.0.53\n"
    "printer 3600 A 10.7.0.9\n"
    "exact 3600 A 10.7.0.8\n"
    "alias CNAME printer\n"
    "six AAAA fd00::6\n"
    "sub NS ns.sub\nns.sub A 10.7.0.54\n"
    '_harmony.odd TXT "something else"\n',
    REVERSE: "9.0 PTR printer.home.example.\n7.0 PTR old.home.example.\n",
    ELSEWHERE: "ns A 10.7.0.53\n",
}


class NameServerChild(ABC):
    """One that serves FORWARD, REVERSE and ELSEWHERE, each with what people wrote into it by hand."""

    package: ClassVar[str]

    def __init__(self, folder: Path, *under: str) -> None:
        self.folder = folder
        self.namespace = NetworkNamespace()
        self.key_file = folder / "harmony.key"
        self._under = under
        self._child: subprocess.Popen[str] | None = None
        folder.mkdir(parents=True, exist_ok=True)
        self.key_file.write_text(KEY)
        self.key_file.chmod(0o600)
        for zone, by_hand in BY_HAND.items():
            text = f"$ORIGIN {zone}.\n$TTL 3600\n{ZONE.format(origin=f'{zone}.')}{by_hand}"
            self.zone_file(zone).write_text(text.replace(f"ns.{zone}.\n", "ns.home.example.\n"))

    def zone_file(self, zone: str) -> Path:
        return self.folder / f"{zone}.zone"

    @abstractmethod
    def configure(self) -> tuple[str, ...]:
        """Its configuration is written; the command line that runs it."""

    def start(self) -> None:
        """Start it, and return when it answers for its zones."""
        tree = unpacked(self.package)
        variables = environment(tree, os.environ)
        program, *arguments = self.configure()
        command = ("env", f"LD_LIBRARY_PATH={variables['LD_LIBRARY_PATH']}", *self._under)
        with (self.folder / "log").open("a") as log:
            self._child = self.namespace.start(
                *command, str(tree / program), *arguments, output=log
            )
        until = time.monotonic() + 60
        while not all(self.ask(zone, "SOA") for zone in BY_HAND):
            assert self._child.poll() is None, (self.folder / "log").read_text()[-2000:]
            assert time.monotonic() < until, (self.folder / "log").read_text()[-2000:]
            time.sleep(0.05)

    def stop(self) -> None:
        assert self._child is not None
        self._child.kill()
        self._child.wait()

    def ask(self, name: str, kind: str = "A") -> list[str]:
        """What dig is answered, sorted; nothing if nobody answers."""
        dig = ("dig", "+short", "+tries=1", "+time=2", "+norecurse", "@127.0.0.1", name, kind)
        lines = self.namespace.attempt(*dig).stdout.splitlines()
        return sorted(line for line in lines if not line.startswith(";"))

    def by_hand(self, zone: str, *commands: str) -> None:
        """A person changes the zone with nsupdate."""
        lines = "\n".join(("server 127.0.0.1", f"zone {zone}", *commands, "send", ""))
        script = self.folder / "by_hand"
        script.write_text(lines)
        self.namespace.run("nsupdate", "-v", "-k", str(self.key_file), str(script))

    def serial(self, zone: str) -> int:
        """Every update that changes anything raises it."""
        (soa,) = self.ask(zone, "SOA")
        return int(soa.split()[2])

    def close(self) -> None:
        self.namespace.close()


class Bind(NameServerChild):
    package = "bind9"

    @override
    def configure(self) -> tuple[str, ...]:
        key = self.key_file.read_text()
        may = {
            FORWARD: "allow-update { key harmony; }; allow-transfer { key harmony; };",
            REVERSE: "update-policy { grant harmony zonesub PTR TXT; }; allow-transfer { key harmony; };",
            ELSEWHERE: "allow-update { none; }; allow-transfer { none; };",
        }
        zones = "".join(
            f'zone "{zone}" {{ type primary; file "{self.zone_file(zone)}"; {may[zone]} }};\n'
            for zone in BY_HAND
        )
        conf = self.folder / "named.conf"
        conf.write_text(
            f'{key}options {{ directory "{self.folder}"; pid-file none; lock-file none; '
            f'session-keyfile "{self.folder}/session.key"; listen-on {{ 127.0.0.1; }}; '
            "listen-on-v6 { none; }; recursion no; dnssec-validation no; notify no; };\n"
            f"controls {{ }};\n{zones}"
        )
        return ("usr/sbin/named", "-g", "-c", str(conf))


class Knot(NameServerChild):
    package = "knot"

    @override
    def configure(self) -> tuple[str, ...]:
        zones = "".join(
            f"  - domain: {zone}\n    storage: {self.folder}\n    file: {zone}.zone\n"
            f"{'' if zone == ELSEWHERE else '    acl: harmony'}\n"
            for zone in BY_HAND
        )
        (self.folder / "db").mkdir(exist_ok=True)
        conf = self.folder / "knot.conf"
        conf.write_text(
            f"server:\n    rundir: {self.folder}\n    listen: 127.0.0.1@53\n"
            f"database:\n    storage: {self.folder}/db\n"
            f"log:\n  - target: stderr\n    any: info\n"
            f"key:\n  - id: harmony\n    algorithm: hmac-sha256\n    secret: {SECRET}\n"
            "acl:\n  - id: harmony\n    key: harmony\n    action: [update, transfer]\n"
            f"zone:\n{zones}"
        )
        return ("usr/sbin/knotd", "-c", str(conf))


SERVERS: Mapping[str, type[NameServerChild]] = {"bind": Bind, "knot": Knot}


@contextlib.contextmanager
def name_server(kind: str, folder: Path, *under: str) -> Generator[NameServerChild]:
    """One of SERVERS, until the block ends; `under` is a command that runs it, if there is one."""
    child = SERVERS[kind](folder, *under)
    try:
        child.start()
        yield child
    finally:
        child.close()
