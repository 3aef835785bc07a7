"""Follows the daemon: its hosts become rows of the board, its events are kept for the report."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import httpx

from provisioner.cli.board import RowChanged, RowKind

PERIOD = 1.0


class HostRows:
    """Asks the daemon once a second for hosts and for the events since the last time."""

    def __init__(self, socket: Path, tell: Callable[[RowChanged], None]) -> None:
        self._client = httpx.AsyncClient(
            transport=httpx.AsyncHTTPTransport(uds=str(socket)), base_url="http://daemon"
        )
        self._tell = tell
        self.hosts: dict[str, Mapping[str, Any]] = {}
        self.events: list[Mapping[str, Any]] = []

    async def answers(self) -> bool:
        """Whether a daemon is there."""
        try:
            return (await self._client.get("/v1/status")).is_success
        except httpx.TransportError:
            return False

    async def follow(self) -> None:
        """Never returns; a daemon that is away for a moment is waited for."""
        while True:
            with contextlib.suppress(httpx.HTTPError):
                await self.look()
            await asyncio.sleep(PERIOD)

    async def look(self) -> None:
        """One look: hosts told, events gathered. Raises httpx.HTTPError when nobody answers."""
        answer = (await self._client.get("/v1/hosts")).raise_for_status()
        for host in answer.json():
            self.hosts[host["host"]] = host
            self._tell(row_of(host))
        after = self.events[-1]["seq"] if self.events else 0
        asked = {"after": after, "limit": 1000}
        found = (await self._client.get("/v1/events", params=asked)).raise_for_status()
        self.events.extend(found.json())


def row_of(host: Mapping[str, Any]) -> RowChanged:
    """A host's row: its state, what it waits for, how far it is."""
    state = host.get("state") or "unseen"
    progress = host.get("progress") or {}
    percent = None
    if state == "installing" and progress.get("total"):
        percent = 100 * progress["done"] / progress["total"]
    words = host.get("reason") or host.get("waiting_for") or progress.get("phase") or ""
    if state == "inventoried" or (state == "assigned" and not words):
        words = hardware_words(host.get("hardware"))
    return RowChanged(RowKind.HOST, host["host"], state, words, percent)


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
