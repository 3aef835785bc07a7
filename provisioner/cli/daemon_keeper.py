"""The daemon as the command sees it: a child process, or one that a killed command left behind.

The daemon lives in a session of its own, so that the command's death does not take machines' boot
services away; the next command on the same state joins it.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Protocol

from inventory.errors import HarmonyError, OperatorError

START_SECONDS = 60.0
"""How long a daemon may take to answer, on the machine that `patience` compares with."""
STOP_SECONDS = 20.0
RESTART_PAUSE = 1.0
REFUSAL = "provisioner: "
"""How the daemon begins the one line that says why it can't serve."""

Answers = Callable[[], Awaitable[bool]]


class DaemonStoppedError(HarmonyError):
    """The daemon ended or fell silent when it should not have; the message names its log."""


class Keeper(Protocol):
    """Whoever sees to it that a daemon serves, as a run needs it."""

    async def ensure_serving(self) -> None: ...
    async def keep(self) -> None: ...
    async def stop(self) -> None: ...
    async def stop_own(self) -> None: ...


class DaemonKeeper:
    """Keeps one daemon serving `state`; `answers` tells whether the admin API does. `boot_programs` is
    the folder of iPXE's binaries, which are there when the daemon is started; `cache`, if there is one,
    may have its compiled modules. It has `patience` seconds to answer."""

    def __init__(
        self,
        state: Path,
        boot_programs: Path,
        log: Path,
        answers: Answers,
        say: Callable[[str], None],
        patience: float = START_SECONDS,
        cache: Path | None = None,
    ) -> None:
        self._cached = () if cache is None else ("--cache", str(cache))
        self._patience = patience
        self._state = state
        self._boot_programs = boot_programs
        self._log = log
        self._answers = answers
        self._say = say
        self._child: asyncio.subprocess.Process | None = None

    async def ensure_serving(self) -> None:
        """Joins the daemon of this state or starts one, and returns when it answers.

        Raises OperatorError with the daemon's own sentence if it refuses to start, and
        DaemonStoppedError if it breaks or stays silent.
        """
        if serving_pid(self._state) is None or not await self._join():
            await self._start()

    async def keep(self) -> None:
        """Starts the daemon again whenever it has died; never returns. Raises as `ensure_serving`."""
        while True:
            if self._child is not None:
                code = await self._child.wait()
                self._say(f"the daemon ended with exit code {code}; starting it again")
            else:
                await self._until_free()
                self._say("the daemon that was joined has ended; starting it again")
            await asyncio.sleep(RESTART_PAUSE)
            await self.ensure_serving()

    async def stop(self) -> None:
        """A clean stop, of a joined daemon too: SIGTERM, then a wait; SIGKILL only if it stays."""
        pid = self._child.pid if self._child else serving_pid(self._state)
        if pid is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
            try:
                await asyncio.wait_for(self._until_gone(), STOP_SECONDS)
            except TimeoutError:
                os.kill(pid, signal.SIGKILL)
                await self._until_gone()
        if self._child is not None:
            await (
                self._child.wait()
            )  # also one that somebody else has stopped: the loop hears of it

    async def stop_own(self) -> None:
        """Stops the daemon that this command has started; one that it has joined goes on."""
        if self._child is not None:
            await self.stop()

    async def _join(self) -> bool:
        """Waits for the daemon that holds the lock; False if it lets go of it instead."""
        self._child = None
        deadline = asyncio.get_running_loop().time() + self._patience
        while not await self._answers():
            if serving_pid(self._state) is None:
                return False
            self._require_before(deadline)
            await asyncio.sleep(0.1)
        self._say(f"joined the daemon that already serves {self._state}")
        return True

    async def _start(self) -> None:
        self._state.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._log.open("ab") as log:
            begin = log.tell()
            self._child = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "provisioner.daemon"),
                *("--state", str(self._state), "--boot-programs", str(self._boot_programs)),
                *self._cached,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = asyncio.get_running_loop().time() + self._patience
        while self._child.returncode is not None or not await self._answers():
            if self._child.returncode is not None:
                raise self._last_words(begin)
            self._require_before(deadline)
            await asyncio.sleep(0.1)

    def _require_before(self, deadline: float) -> None:
        if asyncio.get_running_loop().time() > deadline:
            raise DaemonStoppedError(f"the daemon does not answer; its log is {self._log}")

    def _last_words(self, begin: int) -> HarmonyError:
        """What it wrote after `begin`, a place in its log: its refusal, or that it broke."""
        with self._log.open("rb") as log:
            log.seek(begin)
            return why_it_ended(log.read().decode(errors="replace"), self._log)

    async def _until_gone(self) -> None:
        if self._child is not None:
            await self._child.wait()
        else:
            await self._until_free()

    async def _until_free(self) -> None:
        while serving_pid(self._state) is not None:  # noqa: ASYNC110 - another process, no event to wait for
            await asyncio.sleep(0.2)


def why_it_ended(said: str, log: Path) -> HarmonyError:
    """Out of all that a daemon said, which is in `log` too. Groups of exceptions end in a drawn line."""
    spoken = [line for line in said.splitlines() if any(letter.isalpha() for letter in line)]
    last = spoken[-1].strip(" |") if spoken else "it said nothing"
    if last.startswith(REFUSAL):
        return OperatorError(last.removeprefix(REFUSAL))
    return DaemonStoppedError(f"the daemon broke: {last}; its log is {log}")


def serving_pid(state: Path) -> int | None:
    """The process that holds the state's lock, whether it answers already or not; else None.

    The number alone tells nothing: it stays in the file when its daemon is gone.
    """
    try:
        lock = os.open(state / "lock", os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return int(os.read(lock, 20) or b"0") or None
    else:
        return None
    finally:
        os.close(lock)
