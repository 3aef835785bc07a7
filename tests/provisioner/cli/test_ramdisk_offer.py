"""The daemon hears of the ramdisk and of how far the builders are, although it is away at times."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from typing_extensions import override

from harmony.domain.capability.boot_service import RamdiskSpec
from harmony.domain.outcome import Change
from harmony.infra.errors import ContributionRefusedError
from inventory.contribution import Artifact, Ramdisk
from inventory.errors import OperatorError, PeerError
from provisioner.cli.image_builds import ImageBuilds
from provisioner.cli.ramdisk_offer import Preparations, RamdiskOffer
from tests.harmony.modules.kubernetes.recording_site import RecordingSite
from tests.peers.stand_in_builder import command

pytestmark = pytest.mark.protocol

Said = tuple[str, float, float | None]


class Daemon(RecordingSite, Preparations):
    """Every question first fails as often as `absences` says."""

    def __init__(self, absences: int = 0, refuses: bool = False) -> None:
        super().__init__()
        self.absences = absences
        self.refuses = refuses
        self.ramdisks: list[RamdiskSpec] = []
        self.preparations: list[Said] = []
        self.deleted: list[str] = []

    def _away(self) -> None:
        if self.absences:
            self.absences -= 1
            raise PeerError("no daemon answers")

    @override
    async def ensure_ramdisk(self, spec: RamdiskSpec) -> Change:
        self._away()
        if self.refuses:
            raise ContributionRefusedError("the artifact vmlinuz isn't there")
        self.ramdisks.append(spec)
        return Change(True)

    @override
    async def put_preparation(
        self, name: str, percent: float, remaining_seconds: float | None
    ) -> None:
        self._away()
        self.preparations.append((name, percent, remaining_seconds))

    @override
    async def delete_preparation(self, name: str) -> None:
        self._away()
        self.deleted.append(name)


def builds(folder: Path) -> ImageBuilds:
    names = ("ramdisk", "node-image")
    return ImageBuilds(
        folder / "cache", folder / "log", lambda row: None, names=names, builder=command("finishes")
    )


def test_what_was_built_is_offered_once_the_daemon_hears(tmp_path: Path) -> None:
    built, daemon = builds(tmp_path), Daemon(absences=2)

    async def run() -> None:
        await built.run()
        await RamdiskOffer(built, daemon, daemon, period=0).offer()

    asyncio.run(run())
    kernel, initrd = built.find("vmlinuz"), built.find("initrd.img")
    assert isinstance(kernel, Artifact)
    assert isinstance(initrd, Artifact)
    assert daemon.ramdisks == [RamdiskSpec("images", Ramdisk(kernel, initrd))]


def test_a_refusal_is_final(tmp_path: Path) -> None:
    built, daemon = builds(tmp_path), Daemon(refuses=True)

    async def run() -> None:
        await built.run()
        await RamdiskOffer(built, daemon, daemon, period=0).offer()

    with pytest.raises(OperatorError):
        asyncio.run(run())


def test_progress_is_told_until_all_is_built(tmp_path: Path) -> None:
    built, daemon = builds(tmp_path), Daemon(absences=5)

    async def run() -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(
                RamdiskOffer(built, daemon, daemon, period=0.001).report_preparations()
            )
            await asyncio.sleep(0)
            group.create_task(built.run())

    asyncio.run(run())
    assert daemon.deleted == ["ramdisk", "node-image"]
    assert set(daemon.preparations) <= {
        ("ramdisk", 0.0, None),
        ("ramdisk", 50, 90),
        ("node-image", 0.0, None),
        ("node-image", 50, 90),
    }
    assert daemon.absences == 0
