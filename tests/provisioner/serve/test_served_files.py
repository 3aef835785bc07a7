"""The files that machines fetch over HTTP: artifacts as contributed, and iPXE."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Generator
from pathlib import Path

import pytest

from inventory.contribution import Contribution, Installation
from provisioner.serve.http_message import FileReply, text
from tests.provisioner.serve.world import IGNITION, World, file

pytestmark = pytest.mark.unit


def play(folder: Path, story: Callable[[World], Awaitable[None]]) -> None:
    async def played() -> None:
        world = await World().open()
        await world.put_files(folder, "cp1")
        await story(world)

    asyncio.run(played())


def test_artifacts_are_those_contributed(tmp_path: Path) -> None:
    async def story(world: World) -> None:
        artifact = next(iter(world.memory.desired.artifacts.values()))
        answer = await world.ask("GET", f"/artifacts/{artifact.sha256}/{artifact.name}")
        assert answer == FileReply(Path(artifact.path), artifact.sha256)
        for path in ("/artifacts", "/artifacts/", "/artifacts/ff/x", "/artifacts/../../etc/passwd"):
            assert (await world.ask("GET", path)).status == 404

    play(tmp_path, story)


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("shell.EFI", "application/efi"),
        ("live.iso", "application/vnd.efi-iso"),
        ("disk.img", "application/vnd.efi-img"),
        ("node-image.zst", "application/octet-stream"),
        ("vmlinuz", "application/octet-stream"),
    ],
)
def test_a_firmware_is_told_what_it_boots(tmp_path: Path, name: str, content_type: str) -> None:
    async def story(world: World) -> None:
        image = file(tmp_path, name)
        wish = Installation("cp1", image, IGNITION)
        await world.put(Contribution("installations", installations=(wish,)))
        answer = await world.ask("HEAD", f"/artifacts/{image.sha256}/{name}")
        assert answer == FileReply(Path(image.path), image.sha256, content_type)

    play(tmp_path, story)


def test_an_artifact_whose_file_is_gone_is_asked_for_again(tmp_path: Path) -> None:
    async def story(world: World) -> None:
        artifact = next(iter(world.memory.desired.artifacts.values()))
        url = f"/artifacts/{artifact.sha256}/{artifact.name}"
        with moved(Path(artifact.path)):
            answer = await world.ask("GET", url)
        assert answer == text(
            503, f"{artifact.name} isn't there; ask again", headers=(("Retry-After", "10"),)
        )
        assert await world.ask("GET", url) == FileReply(Path(artifact.path), artifact.sha256)

    play(tmp_path, story)


@contextlib.contextmanager
def moved(path: Path) -> Generator[None]:
    """The file is elsewhere within the block."""
    elsewhere = path.rename(path.with_suffix(".moved"))
    yield
    elsewhere.rename(path)


def test_the_boot_program_for_uefi_http_boot(tmp_path: Path) -> None:
    """Its content is another one after an upgrade, under the same name: it has no tag of its own."""

    async def story(world: World) -> None:
        for method in ("GET", "HEAD"):
            answer = await world.ask(method, "/ipxe/snponly.efi")
            program = Path("/nowhere/snponly.efi")
            assert answer == FileReply(program, content_type="application/efi")
        arm = await world.ask("GET", "/ipxe/snponly-arm64.efi")
        bios = await world.ask("GET", "/ipxe/undionly.kpxe")
        kinds = (arm.content_type, bios.content_type)
        assert kinds == ("application/efi", "application/octet-stream")
        assert (await world.ask("GET", "/ipxe/../passwd")).status == 404

    play(tmp_path, story)
