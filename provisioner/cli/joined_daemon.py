"""A daemon that systemd keeps: the command joins it, and never starts or stops one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from provisioner.cli.daemon_keeper import START_SECONDS, DaemonStoppedError
from provisioner.cli.unit_file import DAEMON

PERIOD = 1.0


class JoinedDaemon:
    """`answers` tells whether the admin API at `socket` does, and is asked every `period` seconds. The
    daemon has `patience` seconds at the start, and all the time it needs when it is started again."""

    def __init__(
        self,
        socket: Path,
        answers: Callable[[], Awaitable[bool]],
        say: Callable[[str], None],
        *,
        patience: float = START_SECONDS,
        period: float = PERIOD,
    ) -> None:
        self._socket = socket
        self._answers = answers
        self._say = say
        self._patience = patience
        self._period = period

    async def ensure_serving(self) -> None:
        """Returns when the daemon answers; DaemonStoppedError if it does not."""
        try:
            await asyncio.wait_for(self._until(answering=True), self._patience)
        except TimeoutError as error:
            raise DaemonStoppedError(
                f"no daemon answers at {self._socket}; `systemctl status {DAEMON}` says more"
            ) from error
        self._say(f"joined the daemon at {self._socket}")

    async def keep(self) -> None:
        """Says when the daemon is away and when it is back; never returns."""
        while True:
            await self._until(answering=False)
            self._say("the daemon does not answer; waiting for it to be started again")
            await self._until(answering=True)
            self._say("the daemon answers again")

    async def stop(self) -> None:
        """Nothing: machines are served until systemd stops it."""

    async def stop_own(self) -> None:
        """Nothing: it isn't this command's own."""

    async def _until(self, *, answering: bool) -> None:
        while await self._answers() is not answering:  # noqa: ASYNC110 - another process
            await asyncio.sleep(self._period)
