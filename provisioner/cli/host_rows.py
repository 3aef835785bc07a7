"""Follows the daemon: its hosts become rows of the board, its events are kept for the report."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Container, Mapping
from typing import Any

from inventory.errors import PeerError
from provisioner.cli.board import RowChanged, RowKind

PERIOD = 1.0
EVENTS_AT_ONCE = 1000

Get = Callable[[str], Awaitable[Any]]
"""Asks the admin API for the JSON at a path; PeerError when nobody answers, or nonsense."""


class HostRows:
    """Asks the daemon every `period` seconds for hosts and, unless they are not to be kept (a site
    is served for years), for the events since the last time. `marks` are the command's own events,
    of the same form: what the daemon can't see. Nothing powers `spares` on: nobody waits for them."""

    def __init__(
        self,
        get: Get,
        tell: Callable[[RowChanged], None],
        *,
        spares: Container[str] = (),
        keep_events: bool = True,
        period: float = PERIOD,
    ) -> None:
        self._period = period
        self._get = get
        self._tell = tell
        self._spares = spares
        self._keep_events = keep_events
        self.hosts: dict[str, Mapping[str, Any]] = {}
        self.events: list[Mapping[str, Any]] = []
        self.marks: list[Mapping[str, Any]] = []

    async def follow(self) -> None:
        """Never returns; a daemon that is away for a moment is waited for."""
        while True:
            with contextlib.suppress(PeerError):
                await self.look()
            await asyncio.sleep(self._period)

    async def look(self) -> None:
        """One look: hosts told, events gathered to the last. Raises PeerError."""
        for host in await self._get("/v1/hosts"):
            self.hosts[host["host"]] = host
            self._tell(row_of(host, spare=host["host"] in self._spares))
        while self._keep_events and await self._more_events():
            pass

    async def _more_events(self) -> bool:
        """Whether there may be still more."""
        after = self.events[-1]["seq"] if self.events else 0
        found = await self._get(f"/v1/events?after={after}&limit={EVENTS_AT_ONCE}")
        self.events.extend(found)
        return len(found) == EVENTS_AT_ONCE


def row_of(host: Mapping[str, Any], *, spare: bool = False) -> RowChanged:
    """A host's row: its state, what it waits for, how far it is. A `spare` that somebody has powered on
    is a machine like the others."""
    state = host.get("state") or "unseen"
    progress: Mapping[str, Any] = host.get("progress") or {}
    percent = None
    if state == "installing" and progress.get("total"):
        percent = 100 * progress["done"] / progress["total"]
    words = host.get("reason") or host.get("waiting_for") or progress.get("phase") or ""
    if state == "inventoried" or (state == "assigned" and not words):
        words = hardware_words(host.get("hardware"))
    status = "spare" if spare and state == "unseen" else ""
    return RowChanged(RowKind.HOST, host["host"], state, words, percent, status)


def hardware_words(hardware: Mapping[str, Any] | None) -> str:
    """A machine in one line: firmware, CPUs, memory, NICs, disks."""
    if not hardware:
        return ""
    gib = hardware["memory"] / 2**30
    disks = ", ".join(f"{disk['size'] / 2**30:.0f} GiB" for disk in hardware["disks"])
    nics = len(hardware["nics"])
    return (
        f"{hardware['firmware']}, {hardware['cpus']} CPU, {gib:.1f} GiB, "
        f"{nics} NIC, disks {disks or 'none'}"
    )
