"""Tells the daemon of images: the ramdisk once it is there, the others while they are made."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Protocol

from harmony.domain.capability.boot_service import BootService, RamdiskSpec
from inventory.contribution import Artifact, Ramdisk
from inventory.errors import PeerError
from provisioner.cli.image_builds import ImageBuilds

OWNER = "images"
PERIOD = 2.0


class Preparations(Protocol):
    """Where the daemon hears what machines wait for."""

    async def put_preparation(
        self, name: str, percent: float, remaining_seconds: float | None
    ) -> None: ...
    async def delete_preparation(self, name: str) -> None: ...


class RamdiskOffer:
    """Joins the builders to the daemon; `period` in seconds between two words about a build."""

    def __init__(
        self,
        builds: ImageBuilds,
        boot: BootService,
        preparations: Preparations,
        period: float = PERIOD,
    ) -> None:
        self._period = period
        self._builds = builds
        self._boot = boot
        self._preparations = preparations

    async def offer(self) -> None:
        """Has every machine that is to be discovered boot the ramdisk that was built. A daemon that
        is away for a moment is waited for; raises OperatorError if it refuses."""
        kernel, initrd = (self._builds.find(name) for name in ("vmlinuz", "initrd.img"))
        assert isinstance(kernel, Artifact)
        assert isinstance(initrd, Artifact)
        spec = RamdiskSpec(OWNER, Ramdisk(kernel, initrd))
        await self._until_heard(lambda: self._boot.ensure_ramdisk(spec))

    async def report_preparations(self) -> None:
        """Passes the builders' progress on to the machines that wait, until all is built."""
        for name in self._builds.names:
            while (step := self._builds.progress(name)) is not None:
                with contextlib.suppress(PeerError):
                    await self._preparations.put_preparation(
                        name, step.percent, step.remaining_seconds
                    )
                await asyncio.sleep(self._period)
            await self._until_heard(partial(self._preparations.delete_preparation, name))

    async def _until_heard(self, say: Callable[[], Awaitable[object]]) -> None:
        """Says it again while the daemon does not answer: it is being started again."""
        while True:
            try:
                await say()
            except PeerError:
                await asyncio.sleep(self._period)
            else:
                return
