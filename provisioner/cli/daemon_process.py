"""The daemon as the command sees it: a child process, or one that a killed command left behind.

The daemon lives in a session of its own, so that the command's death does not take machines' boot
services away; the next command on the same state joins it.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from inventory.errors import HarmonyError, OperatorError

START_SECONDS = 60.0
STOP_SECONDS = 20.0
RESTART_PAUSE = 1.0

Answers = Callable[[], Awaitable[bool]]


class DaemonStoppedError(HarmonyError):
    """The daemon ended when it should not have; the message is the last line it wrote."""


class DaemonProcess:
    """Keeps one daemon serving `state`; `answers` tells whether the admin API does."""

    def __init__(
        self, state: Path, log: Path, answers: Answers, say: Callable[[str], None]
    ) -> None:
        self._state = state
        self._log = log
        self._answers = answers
        self._say = say
        self._child: asyncio.subprocess.Process | None = None

    async def ensure_serving(self) -> None:
        """Joins the daemon of this state or starts one, and returns when it answers.

        Raises OperatorError with the daemon's own sentence if it refuses to start.
        """
        if await self._answers():
            self._say(f"joined the daemon that already serves {self._state}")
            return
        await self._start()

    async def keep(self) -> None:
        """Starts the daemon again whenever it has died; never returns."""
        while True:
            if self._child is not None:
                code = await self._child.wait()
                self._say(f"the daemon ended with exit code {code}; starting it again")
            else:
                await self._until_silent()
                self._say("the daemon that was joined has ended; starting it again")
            await asyncio.sleep(RESTART_PAUSE)
            await self._start()

    async def stop(self) -> None:
        """A clean stop: SIGTERM, then a wait; SIGKILL only if it doesn't end."""
        pid = self._child.pid if self._child else self._recorded_pid()
        if pid is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
            await self._until_gone(pid)

    async def _start(self) -> None:
        self._state.mkdir(parents=True, exist_ok=True)
        with self._log.open("ab") as log:
            self._child = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "provisioner.daemon", "--state", str(self._state)),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = asyncio.get_running_loop().time() + START_SECONDS
        while not await self._answers():
            if self._child.returncode is not None:
                raise OperatorError(self._last_words())
            if asyncio.get_running_loop().time() > deadline:
                raise DaemonStoppedError(f"the daemon does not answer; its log is {self._log}")
            await asyncio.sleep(0.1)

    def _last_words(self) -> str:
        lines = self._log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return lines[-1] if lines else f"the daemon ended without a word; its log is {self._log}"

    def _recorded_pid(self) -> int | None:
        try:
            return int((self._state / "lock").read_text())
        except (OSError, ValueError):
            return None

    async def _until_silent(self) -> None:
        while await self._answers():  # noqa: ASYNC110 - another process, no event to wait for
            await asyncio.sleep(1)

    async def _until_gone(self, pid: int) -> None:
        for _ in range(int(STOP_SECONDS * 10)):
            if self._child is not None and self._child.returncode is not None:
                return
            os.kill(pid, 0)
            await asyncio.sleep(0.1)
        os.kill(pid, signal.SIGKILL)
