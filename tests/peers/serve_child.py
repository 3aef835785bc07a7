"""`provisioner serve` as a child process in a station, with builders that only say they have built."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from inventory.errors import HarmonyError
from provisioner.cli.daemon_keeper import serving_pid
from provisioner.cli.error_words import error_words
from provisioner.cli.places import StatePlace
from provisioner.cli.serve import serve_site
from tests.namespaces import NetworkNamespace
from tests.peers import stand_in_builder

ROOT = Path(__file__).parents[2]


class ServeChild:
    """One life of the command after the other, on one state."""

    def __init__(self, station: NetworkNamespace, site_file: Path, state: Path) -> None:
        self.station = station
        self._site_file = site_file
        self.place = StatePlace(state)
        self._child: subprocess.Popen[str] | None = None
        self.said: list[str] = []

    def start(self, scene: str = "finishes", *flags: str) -> None:
        """Start it and return at once."""
        self._child = self.station.start(*self._command(scene), *flags)
        self.said.clear()

    def attempt(self, scene: str = "finishes") -> tuple[int, str]:
        """Start it where it is expected to end; its exit code, and what it wrote on stderr."""
        ended = self.station.attempt(*self._command(scene))
        return ended.returncode, ended.stderr

    def until(self, words: str) -> str:
        """The next line with these words; AssertionError if it ends before."""
        assert self._child is not None
        assert self._child.stdout is not None
        for line in self._child.stdout:
            self.said.append(line)
            if words in line:
                return line
        raise AssertionError(f"it ended without {words!r}, with:\n{''.join(self.said)}")

    def until_served(self) -> None:
        """Return when a daemon holds the state."""
        while self.daemon_pid() is None:
            time.sleep(0.05)

    def end(self, number: signal.Signals) -> int:
        """Send the signal to the command; its exit code."""
        assert self._child is not None
        self._child.send_signal(number)
        return self._child.wait(timeout=60)

    def daemon_pid(self) -> int | None:
        return serving_pid(self.place.daemon)

    def kill_daemon(self) -> None:
        """SIGKILL the daemon, if there is one; return when it holds the state no more."""
        while (pid := self.daemon_pid()) is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            time.sleep(0.02)

    def close(self) -> None:
        """The end of the command, then of a daemon that it has left."""
        if self._child is not None:
            self._child.kill()
            self._child.wait()
        self.kill_daemon()

    def _command(self, scene: str) -> tuple[str, ...]:
        environment = (f"HARMONY_CACHE={self.place.root.parent / 'cache'}", f"PYTHONPATH={ROOT}")
        return (
            *("env", *environment, sys.executable, "-m", "tests.peers.serve_child"),
            *(str(self._site_file), str(self.place.root), scene),
        )


def main(site_file: str, state: str, scene: str, *flags: str) -> int:
    """As `provisioner.cli.main` does it, with another builder."""
    builder = stand_in_builder.command(scene)
    try:
        return serve_site(
            Path(site_file),
            Path(state),
            require_rehearsal=False,
            join="--join" in flags,
            builder=builder,
        )
    except HarmonyError as error:
        print(f"error: {error_words(error)}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
