"""Runs the installer, one command at a time, and says in its own words why it failed."""

from __future__ import annotations

import asyncio
import os
import re
import signal
from asyncio.subprocess import DEVNULL, STDOUT, Process
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from harmony.infra.openshift_install.errors import InstallerFailedError, InstallerMismatchError
from harmony.infra.openshift_install.installer_command import (
    Command,
    Done,
    Installer,
    Step,
    verdict,
)
from harmony.infra.openshift_install.shown_output import LAST, last_lines

_VERSION = re.compile(r"\s(v?[0-9]+\.[0-9]\S*)$")


@dataclass(frozen=True, slots=True)
class InstallerRun:
    """In `folder`, what it prints goes to a file there. It holds `lock` (a descriptor) for as long as it
    lives, and is ended after `patience` seconds. Of `secrets` nothing is shown."""

    installer: Installer
    folder: Path
    lock: int
    patience: float
    secrets: Sequence[str] = field(default=(), repr=False)

    async def check_version(self, declared: str) -> None:
        """Raises InstallerMismatchError, InstallerFailedError."""
        code = await self._ended(self.installer.version())
        if code != 0:
            raise self._failure(f"openshift-install version ended with {code}")
        found = version_in(self._output().decode(errors="replace"))
        if found != declared and not found.startswith(f"{declared}."):
            raise InstallerMismatchError(
                f"the installer {self.installer.executable} is of release {found or 'unknown'}, and"
                f" {declared} is declared: declare that release, or the asset that installs {declared}"
            )

    async def step(self, step: Step, directory: Path) -> None:
        """Raises InstallerFailedError."""
        code = await self._ended(self.installer.command(step, str(directory)))
        judged = verdict(step, code)
        if not isinstance(judged, Done):
            raise self._failure(judged.reason)

    async def _ended(self, command: Command) -> int:
        """Its exit code; whatever it started ends with it."""
        child = await self._started(command)
        try:
            async with asyncio.timeout(self.patience):
                return await child.wait()
        except TimeoutError:
            words = " ".join(command.arguments[1:3])
            raise self._failure(
                f"openshift-install {words} hadn't ended after {self.patience:g} s"
            ) from None
        finally:
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            await child.wait()

    async def _started(self, command: Command) -> Process:
        try:
            with self._printed.open("wb") as output:
                return await asyncio.create_subprocess_exec(
                    *command.arguments,
                    env=dict(command.environment),
                    cwd=self.folder,
                    stdin=DEVNULL,
                    stdout=output,
                    stderr=STDOUT,
                    start_new_session=True,
                    pass_fds=(self.lock,),
                )
        except OSError as error:
            raise InstallerFailedError(
                f"the installer {self.installer.executable} can't be run: {error.strerror}"
            ) from error

    @property
    def _printed(self) -> Path:
        return self.folder / "output"

    def _output(self) -> bytes:
        """The end of what it printed, from the start of a line."""
        with self._printed.open("rb") as printed:
            size = printed.seek(0, os.SEEK_END)
            printed.seek(max(0, size - LAST))
            if size > LAST:
                printed.readline()
            return printed.read()

    def _failure(self, reason: str) -> InstallerFailedError:
        lines = last_lines(self._output(), self.secrets)
        return InstallerFailedError("\n  ".join((reason, *lines)))


def version_in(output: str) -> str:
    """Where its first line ends: `/srv/okd/openshift-install 4.19.0-okd-scos.19`; empty if it has none."""
    found = _VERSION.search(output.partition("\n")[0].strip())
    return found[1] if found else ""
