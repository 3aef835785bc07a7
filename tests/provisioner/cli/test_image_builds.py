"""Builders as processes: what they say, how they fail, how they are ended."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from inventory.contribution import Artifact
from provisioner.cli.board import RowChanged, RowKind
from provisioner.cli.image_builds import ImageBuildError, ImageBuilds, Progress
from tests.peers.stand_in_builder import command

pytestmark = pytest.mark.protocol

NAMES = ("ramdisk", "node-image")


class Watched:
    """Builds in a scene of the stand-in, and the rows that were told."""

    def __init__(self, folder: Path, scene: str, names: tuple[str, ...] = NAMES) -> None:
        self.rows: list[RowChanged] = []
        self.cache, self.log = folder / "cache", folder / "build.log"
        self.building = asyncio.Event()
        self.builds = ImageBuilds(
            self.cache, self.log, self._tell, names=names, builder=command(scene)
        )

    def _tell(self, row: RowChanged) -> None:
        self.rows.append(row)
        if row.state == "building":
            self.building.set()


def test_what_is_built_is_found(tmp_path: Path) -> None:
    watched = Watched(tmp_path, "finishes")
    builds = watched.builds
    assert builds.progress("ramdisk") == Progress("ramdisk", 0.0, None)
    asyncio.run(builds.run())

    found = [builds.find(name) for name in ("vmlinuz", "initrd.img", "node-image")]
    assert found == list(builds.artifacts())
    assert all(isinstance(one, Artifact) and Path(one.path).exists() for one in found)
    assert builds.progress("ramdisk") is None
    assert builds.versions == {"package-0": "1"}
    told = [(row.name, row.state, row.words, row.percent) for row in watched.rows]
    assert [one for one in told if one[1] != "finished"] == [
        ("ramdisk", "queued", "", None),
        ("node-image", "queued", "", None),
        ("ramdisk", "building", "about 2 min left", 50),
        ("node-image", "building", "about 2 min left", 50),
    ]
    assert [one[0] for one in told if one[1] == "finished"] == ["ramdisk", "node-image"]
    assert {row.kind for row in watched.rows} == {RowKind.IMAGE}


def test_what_was_built_before_is_not_built_again(tmp_path: Path) -> None:
    watched = Watched(tmp_path, "finishes")

    async def run() -> None:
        await watched.builds.build("node-image")
        await watched.builds.run()

    asyncio.run(run())
    finished = [row.name for row in watched.rows if row.state == "finished"]
    assert finished == ["node-image", "ramdisk"]
    assert [row.name for row in watched.rows if row.state == "queued"] == ["ramdisk"]


def test_builders_hear_of_official_binaries(tmp_path: Path) -> None:
    builds = ImageBuilds(
        tmp_path / "cache",
        tmp_path / "build.log",
        lambda row: None,
        names=("ramdisk",),
        builder=command("finishes"),
        kubernetes_binaries=tmp_path / "official",
    )
    asyncio.run(builds.run())
    assert builds.versions == {"package-0": "1", "official": str(tmp_path / "official")}


def test_a_line_longer_than_a_pipe(tmp_path: Path) -> None:
    watched = Watched(tmp_path, "long-line", ("ramdisk",))
    asyncio.run(watched.builds.run())
    assert len(watched.builds.versions) == 20_000


@pytest.mark.parametrize(
    ("scene", "words"),
    [
        ("refuses", "ramdisk was not built: no mirror answers"),
        ("ends", "ramdisk was not built; the log: {log}"),
        ("babbles", "ramdisk was not built: E: dpkg was interrupted"),
    ],
)
def test_a_builder_that_fails(tmp_path: Path, scene: str, words: str) -> None:
    watched = Watched(tmp_path, scene)
    with pytest.raises(ImageBuildError) as failed:
        asyncio.run(watched.builds.run())
    assert str(failed.value) == words.format(log=watched.log)
    # How far it came, and how long it would have taken, is true no more.
    assert watched.builds.find("ramdisk") == Progress("ramdisk", 0.0, None)


def test_a_site_that_is_served_waits_for_a_mirror(tmp_path: Path) -> None:
    watched, said = Watched(tmp_path, "refuses"), list[str]()

    async def persist() -> None:
        async with asyncio.TaskGroup() as group:
            persisting = group.create_task(watched.builds.persist(said.append, first=0.01))
            while len(said) < 2:  # noqa: ASYNC110 - a builder is another process
                await asyncio.sleep(0.01)
            persisting.cancel()

    asyncio.run(persist())
    words = "ramdisk was not built: no mirror answers"
    assert said[0] == f"{words}; machines are served all the same, tried again in 0 s"
    failed = RowChanged(RowKind.IMAGE, "ramdisk", "failed", words)
    assert failed in watched.rows


def test_persisting_ends_when_all_is_built(tmp_path: Path) -> None:
    watched, said = Watched(tmp_path, "finishes"), list[str]()
    asyncio.run(watched.builds.persist(said.append))
    assert (watched.builds.all_done(), said) == (True, [])


def test_a_builder_is_ended_with_the_run(tmp_path: Path) -> None:
    watched = Watched(tmp_path, "hangs")

    async def run_until_it_builds() -> None:
        async with asyncio.TaskGroup() as group:
            running = group.create_task(watched.builds.run())
            await watched.building.wait()
            running.cancel()

    asyncio.run(run_until_it_builds())
    assert (watched.cache / "ramdisk.ended").exists()


def test_part_of_an_image_is_as_far_as_its_build(tmp_path: Path) -> None:
    builds = Watched(tmp_path, "finishes", ("kubernetes",)).builds
    assert builds.find("kubernetes/kubelet") == Progress("kubernetes", 0.0, None)
