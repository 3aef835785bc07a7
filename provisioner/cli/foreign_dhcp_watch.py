"""Says in the command's own lines that another DHCP server is there, and that it has gone."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

from inventory.errors import PeerError
from provisioner.cli.host_rows import Get
from provisioner.cli.status import dhcp_lines

PERIOD = 2.0


class ForeignDhcpWatch:
    """Asks the daemon every `period` seconds, and says what is new, once."""

    def __init__(self, get: Get, say: Callable[[str], None], period: float = PERIOD) -> None:
        self._get = get
        self._say = say
        self._period = period
        self._said: list[str] = []

    async def follow(self) -> None:
        """Never returns; a daemon that is away for a moment is waited for."""
        while True:
            with contextlib.suppress(PeerError):
                await self.look()
            await asyncio.sleep(self._period)

    async def look(self) -> None:
        """One look. A daemon that was just started doesn't know yet: it is asked again. Raises
        PeerError."""
        status = await self._get("/v1/status")
        lines = dhcp_lines(status)
        if lines and not status["foreign_dhcp_servers"]:
            return
        for line in lines:
            if line not in self._said:
                self._say(line)
        if self._said and not lines:
            self._say("no other DHCP server answers any more: addresses are handed out")
        self._said = lines
