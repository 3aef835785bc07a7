"""A jump host for a test: a station with a PID namespace of its own, so that whatever a command leaves
running there (a daemon outlives its command on purpose) ends with the test, however that ends."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator
from pathlib import Path

from tests.namespaces import NetworkNamespace

ROOT = Path(__file__).parents[2]


class JumpHost:
    """Runs the product's commands as a person would; `state` is the site's state folder."""

    def __init__(self, station: NetworkNamespace, init: int, folder: Path) -> None:
        self._station = station
        self._init = init
        self._folder = folder
        self._started: list[subprocess.Popen[bytes]] = []
        self.state = folder / "state"

    def start(self, *arguments: str) -> Command:
        """Starts `provisioner …` and returns at once; its output goes to a file."""
        output = self._folder / f"output-{len(self._started) + 1}"
        with output.open("w") as file:
            process = subprocess.Popen(
                self._inside(self._provisioner(arguments)),
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                cwd=ROOT,
            )
        self._started.append(process)
        return Command(process, output)

    def wait(self) -> None:
        """Until every command has ended, as they do with the process namespace."""
        for process in self._started:
            process.wait(timeout=60)

    def run(self, *arguments: str) -> str:
        """Runs `provisioner …` to its end, which must be a success; its output."""
        return self.call(*self._provisioner(arguments))

    def call(self, *command: str) -> str:
        """Runs any command to its end, which must be a success; its output."""
        done = subprocess.run(
            self._inside(command),
            capture_output=True,
            text=True,
            timeout=120,
            cwd=ROOT,
            check=False,
        )
        assert done.returncode == 0, f"{command} gave {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout

    def kill(self, pid: int) -> None:
        """SIGKILL to a process by its pid as the jump host has it."""
        self.call("kill", "-KILL", str(pid))

    def daemon_pid(self) -> int:
        """The daemon's, as it has noted it itself."""
        return int((self.state / "daemon" / "lock").read_text())

    def command_pid(self) -> int:
        """That of `provisioner serve`."""
        return int((self.state / "command.lock").read_text())

    def _provisioner(self, arguments: tuple[str, ...]) -> tuple[str, ...]:
        return (sys.executable, "-m", "provisioner.cli.main", *arguments)

    def _inside(self, command: tuple[str, ...]) -> tuple[str, ...]:
        target = ("--target", str(self._init), "--net", "--pid", "--mount")
        place = ("env", f"HARMONY_STATE={self.state}")
        return ("nsenter", *target, f"--wd={ROOT}", "--", *place, *command)


class Command:
    """A command that was started, and what it has said so far."""

    def __init__(self, process: subprocess.Popen[bytes], output: Path) -> None:
        self.process = process
        self._output = output

    def said(self) -> str:
        return self._output.read_text(errors="replace")

    def wait_for(self, words: str, seconds: float) -> None:
        """Until it has said `words`; AssertionError with all that it said if it ends or is too late."""
        deadline = time.monotonic() + seconds
        while words not in self.said():
            ended = self.process.poll() is not None
            late = time.monotonic() > deadline
            assert not ended, f"it ended without saying {words!r}:\n{self.said()}"
            assert not late, f"{seconds:.0f} s without {words!r}:\n{self.said()[-6000:]}"
            time.sleep(0.2)


@contextlib.contextmanager
def jump_host(station: NetworkNamespace, folder: Path) -> Generator[JumpHost]:
    """The station as a jump host, and the end of everything that runs there."""
    forked = ("unshare", "--pid", "--mount", "--mount-proc", "--fork", "--kill-child")
    held = station.start(*forked, "sh", "-c", "echo ready; exec sleep infinity")
    assert held.stdout is not None
    assert held.stdout.readline() == "ready\n"
    children = Path(f"/proc/{held.pid}/task/{held.pid}/children").read_text().split()
    host = JumpHost(station, int(children[0]), folder)
    try:
        yield host
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(held.pid, signal.SIGKILL)
        held.wait()
        host.wait()
