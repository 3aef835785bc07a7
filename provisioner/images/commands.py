"""Runs the programs that builds are made of, so that none of them outlives the builder.

Every program dies with the builder (`setpriv --pdeathsig`); as root it also has mounts and process ids of
its own, so that what a chroot left mounted or running is gone with it, however it ended.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from provisioner.images.errors import StepFailed

TAIL = 3000
ISOLATION = ("unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--")
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
        """Run to the end; StepFailed with the end of its output if it fails. `isolated` needs root."""
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
            for line in child.stdout or ():
                log.write(line)
                tail = (tail + line)[-TAIL:]
                self.tick(line)
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
        isolation = ISOLATION if isolated else ()
        return ["setpriv", "--pdeathsig", "KILL", "--", *isolation, *command]
