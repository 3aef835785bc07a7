"""Tells the daemon of images: the ramdisk once it is there, the others while they are made."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Protocol

import httpx

from harmony.domain.capability.boot_service import BootService, RamdiskSpec
from inventory.contribution import Artifact, Ramdisk
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
    """Joins the builders to the daemon."""

    def __init__(self, builds: ImageBuilds, boot: BootService, preparations: Preparations) -> None:
        self._builds = builds
        self._boot = boot
        self._preparations = preparations

    async def offer(self) -> None:
        """Has every machine that is to be discovered boot the ramdisk that was built."""
        kernel, initrd = (self._builds.find(name) for name in ("vmlinuz", "initrd.img"))
        assert isinstance(kernel, Artifact)
        assert isinstance(initrd, Artifact)
        await self._boot.ensure_ramdisk(RamdiskSpec(OWNER, Ramdisk(kernel, initrd)))

    async def report_preparations(self) -> None:
        """Passes the builders' progress on to the machines that wait, until all is built."""
        for name in self._builds.names:
            while (step := self._builds.progress(name)) is not None:
                with contextlib.suppress(httpx.HTTPError):
                    await self._preparations.put_preparation(
                        name, step.percent, step.remaining_seconds
                    )
                await asyncio.sleep(PERIOD)
            with contextlib.suppress(httpx.HTTPError):
                await self._preparations.delete_preparation(name)
