"""The HAProxy of one folder: found by its socket, started, reloaded.

It is nobody's child: it runs on when we end, and whoever comes next finds it. A reload is a new process
that takes the listening sockets over (`-x`) and has the old one finish (`-sf`); if it can't start, the old
one goes on. A service manager that owns it instead starts it from the same file.
Source: HAProxy 2.6's Management Guide, 3 and 4.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from harmony.infra.errors import (
    BalancerUnusableError,
    BalancingRefusedError,
    ServiceRefusedError,
    ServiceUnreachableError,
)
from harmony.infra.haproxy.configuration import Place
from harmony.infra.haproxy.running import read_info
from harmony.infra.haproxy.runtime_socket import NobodyListensError, ask

_SECONDS = 20.0
_POLL_SECONDS = 0.02
_TRIES = 3
_IN_A_ROW = 5
_MOST_WORDS = 6


@dataclass(frozen=True, slots=True)
class Supervisor:
    """`program` is HAProxy, perhaps behind what sets its surroundings."""

    place: Place
    program: Sequence[str] = ("haproxy",)

    def structure(self) -> str | None:
        """Of the one that runs; None if none does."""
        found = self._info()
        return None if found is None else found.get("description", "")

    def _info(self) -> dict[str, str] | None:
        """One that is just ending may take a question and not answer it: then nobody listens soon."""
        for _ in range(_TRIES):
            try:
                if found := read_info(ask(self.place.socket, "show info")):
                    return found
            except NobodyListensError:
                return None
            except ServiceUnreachableError:
                pass
            time.sleep(_POLL_SECONDS)
        raise ServiceUnreachableError(f"HAProxy gives no answer at {self.place.socket}")

    def validate(self, file: Path) -> None:
        """Raises BalancingRefusedError with HAProxy's words."""
        done = self._run("-c", "-f", str(file))
        if done.returncode != 0:
            raise BalancingRefusedError(f"HAProxy refuses its configuration: {_words(done.stderr)}")

    def start(self) -> None:
        """Until it answers. One of ours that can't be reached any more is told to finish."""
        old = self._old_process()
        self._launch(() if old is None else ("-sf", str(old)))

    def reload(self) -> None:
        """Until the new one answers; raises ServiceRefusedError if it can't start."""
        found = self._info()
        if found is None:
            self.start()
        else:
            self._launch(("-x", str(self.place.socket), "-sf", found["Pid"]))

    def stop(self) -> None:
        """At once, with all sessions; nothing if none runs."""
        pid = self._old_process()
        if pid is not None:
            os.kill(pid, signal.SIGTERM)
            self._wait(lambda: self._old_process() is None, "doesn't end")

    def _launch(self, takes_over: Sequence[str]) -> None:
        place = self.place
        files = ("-f", str(place.configuration), "-p", str(place.pid))
        done = self._run("-D", *files, *takes_over)
        if done.returncode != 0:
            raise ServiceRefusedError(f"HAProxy can't start: {_words(done.stderr)}")
        self._settle(place.pid.read_text().strip())

    def _settle(self, pid: str) -> None:
        """Until the process alone answers: the old one shares the socket until it has heard its signal."""
        in_a_row = 0

        def settled() -> bool:
            nonlocal in_a_row
            in_a_row = in_a_row + 1 if self._answering() == pid else 0
            return in_a_row == _IN_A_ROW

        self._wait(settled, "doesn't answer")

    def _answering(self) -> str | None:
        return (self._info() or {}).get("Pid")

    def _wait(self, until: Callable[[], bool], otherwise: str) -> None:
        deadline = time.monotonic() + _SECONDS
        while not until():
            if time.monotonic() > deadline:
                raise ServiceUnreachableError(f"HAProxy {otherwise} after {_SECONDS:.0f} s")
            time.sleep(_POLL_SECONDS)

    def _old_process(self) -> int | None:
        """The one that wrote its number down, if it still is HAProxy with our file."""
        try:
            pid = int(self.place.pid.read_text().split()[0])
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except (OSError, ValueError, IndexError):
            return None
        return pid if str(self.place.configuration).encode() in words else None

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        try:
            return subprocess.run(
                (*self.program, *arguments),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=_SECONDS,
                check=False,
            )
        except FileNotFoundError as error:
            raise BalancerUnusableError(
                f"{self.program[0]} isn't there: `apt install haproxy` brings it"
            ) from error
        except subprocess.TimeoutExpired as error:
            raise ServiceUnreachableError(f"HAProxy took longer than {_SECONDS:.0f} s") from error


def _words(said: str) -> str:
    """The reasons among what it wrote, without the number of its process."""
    lines = [line.partition(" : ")[2] for line in said.splitlines() if line.startswith("[ALERT]")]
    return "; ".join((lines or said.splitlines() or ["it doesn't say why"])[:_MOST_WORDS])
