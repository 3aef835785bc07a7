"""Runs the programs that builds are made of, so that none of them outlives the builder.

Every program runs in namespaces of its own (mounts, process ids) and dies with the builder: what it left
mounted or running is gone with it, however it ended. Where no namespaces can be had, only the program
itself dies, and what must not leave mounts behind is not run at all.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from provisioner.images.errors import StepFailed

TAIL = 3000
DIES_WITH_BUILDER = ("setpriv", "--pdeathsig", "KILL", "--")
NAMESPACES = ("unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc")
AS_ROOT = (*NAMESPACES, "--")
AS_USER = (*NAMESPACES, "--user", "--map-current-user", "--")
FOLDERS_OF_ROOT = "/usr/local/sbin:/usr/sbin:/sbin"


@dataclass(frozen=True, slots=True)
class Commands:
    """Runs programs, everything they print appended to `log`; `tick` is called with every line of it."""

    log: Path
    tick: Callable[[str], None]
    environment: Mapping[str, str]

    def run(
        self,
        *argv: str | Path,
        folder: Path | None = None,
        extra: Mapping[str, str] | None = None,
        isolated: bool = False,
    ) -> None:
        """Run to the end; StepFailed with the end of its output if it fails.

        `isolated` says that it mounts something, which needs root: without namespaces it fails instead.
        """
        command = [str(word) for word in argv]
        with (
            self.log.open("a", encoding="utf-8") as log,
            subprocess.Popen(
                self._wrapped(command, isolated),
                cwd=folder,
                env={**self._environment(), **(extra or {})},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
            ) as child,
        ):
            log.write(f"$ {' '.join(command)}\n")
            tail = ""
            try:
                for line in child.stdout or ():
                    log.write(line)
                    tail = (tail + line)[-TAIL:]
                    self.tick(line)
            except BaseException:
                child.kill()  # or leaving the block waits for it
                raise
        if child.returncode:
            raise StepFailed(command, child.returncode, tail)

    def read(
        self, *argv: str | Path, folder: Path | None = None, extra: Mapping[str, str] | None = None
    ) -> str:
        """What a quick program prints on its standard output."""
        command = [str(word) for word in argv]
        done = subprocess.run(
            self._wrapped(command, isolated=False),
            cwd=folder,
            env={**self._environment(), **(extra or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        if done.returncode:
            raise StepFailed(command, done.returncode, (done.stdout + done.stderr)[-TAIL:])
        return done.stdout

    def _environment(self) -> dict[str, str]:
        path = self.environment.get("PATH", "/usr/bin:/bin")
        return {**self.environment, "PATH": f"{path}:{FOLDERS_OF_ROOT}", "LC_ALL": "C.UTF-8"}

    def _wrapped(self, command: Sequence[str], isolated: bool) -> list[str]:
        isolation = AS_ROOT if isolated else possible_isolation()
        return [*DIES_WITH_BUILDER, *isolation, *command]


@cache
def possible_isolation() -> tuple[str, ...]:
    """The words before a command that put it into namespaces of its own, tried; empty if none can be had."""
    for words in (AS_ROOT, AS_USER):
        if subprocess.run([*words, "true"], capture_output=True, check=False).returncode == 0:
            return words
    return ()
