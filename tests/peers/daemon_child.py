"""The real daemon as a child process in a station, to be killed and started again at will."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
from pydantic import TypeAdapter

from inventory.contribution import Contribution
from provisioner.cli.places import cache_folder
from tests.built_boot_programs import boot_programs
from tests.namespaces import NetworkNamespace

_CONTRIBUTION = TypeAdapter(Contribution)


class DaemonChild:
    """`state` is kept between its lives. `log` gathers what every one of them wrote. `options` are of
    its command line; `under` is a command that runs it, if there is one."""

    def __init__(
        self, station: NetworkNamespace, state: Path, *options: str, under: tuple[str, ...] = ()
    ) -> None:
        self.station = station
        self.state = state
        self.boot_programs = boot_programs()
        self._under = under
        self.log = state.parent / f"{state.name}.log"
        self.starts = 0
        self._options = options
        self._child: subprocess.Popen[str] | None = None
        self.admin = httpx.Client(
            transport=httpx.HTTPTransport(uds=str(state / "admin.sock")),
            base_url="http://daemon",
            timeout=30.0,
        )

    def start(self) -> None:
        """Start it and return when the admin API answers."""
        with self.log.open("a") as log:
            self._child = self.station.start(*self.command, output=log)
        self.starts += 1
        deadline = time.monotonic() + 60
        while not self.answers():
            assert self._child.poll() is None, f"the daemon ended: {self.log.read_text()[-2000:]}"
            assert time.monotonic() < deadline, "the daemon doesn't answer"
            time.sleep(0.02)

    def attempt(self) -> subprocess.CompletedProcess[str]:
        """Start it where it is expected to refuse; with its exit code and its words."""
        return self.station.attempt(*self.command)

    @property
    def command(self) -> tuple[str, ...]:
        built = ("--boot-programs", str(self.boot_programs), "--cache", str(cache_folder()))
        command = (sys.executable, "-m", "provisioner.daemon", "--state", str(self.state))
        return (*self._under, *command, *built, *self._options)

    def answers(self) -> bool:
        """Asked by hand first: httpx leaves the socket of a refused connection open."""
        with socket.socket(socket.AF_UNIX) as knock:
            if knock.connect_ex(str(self.state / "admin.sock")) != 0:
                return False
        try:
            return self.admin.get("/v1/status").status_code == 200
        except httpx.TransportError:
            return False

    @property
    def pid(self) -> int:
        """As it wrote it into its lock."""
        return int((self.state / "lock").read_text())

    def kill(self) -> None:
        """SIGKILL, and wait for its end."""
        assert self._child is not None
        self._child.kill()
        self._child.wait(timeout=30)

    def terminate(self) -> int:
        """SIGTERM; its exit code."""
        assert self._child is not None
        self._child.terminate()
        return self._child.wait(timeout=30)

    def restart(self) -> None:
        self.kill()
        self.start()

    def put(self, contribution: Contribution) -> httpx.Response:
        return self.admin.put(
            f"/v1/contributions/{quote(contribution.owner, safe='')}",
            content=_CONTRIBUTION.dump_json(contribution),
            headers={"Content-Type": "application/json"},
        )

    def hosts(self) -> dict[str, Any]:
        """The host views by name."""
        return {view["host"]: view for view in self.admin.get("/v1/hosts").json()}

    def events(self, kind: str | None = None) -> list[dict[str, Any]]:
        """Everything logged, of one kind if asked."""
        events = self.admin.get("/v1/events", params={"limit": 10_000}).json()
        return [event for event in events if kind in (None, event["kind"])]

    def wait_for_event(
        self, kind: str, machine: subprocess.Popen[str], seconds: float = 240.0
    ) -> None:
        """Until one is logged, while the machine that is to cause it runs."""
        deadline = time.monotonic() + seconds
        while not self.events(kind):
            assert machine.poll() is None, machine.communicate()
            assert time.monotonic() < deadline, self.log.read_text()[-3000:]
            time.sleep(0.2)

    def told(self) -> list[dict[str, Any]]:
        """The JSON lines of all its lives."""
        lines = self.log.read_text().splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]
