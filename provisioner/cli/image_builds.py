"""The builders of boot programs, ramdisk, node image and Kubernetes, one after another, each in a process.

The order is the one in which a site needs them: the daemon can serve once the boot programs exist,
machines can be discovered once the ramdisk does, installed once the node image does, joined once
Kubernetes does.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inventory.contribution import Artifact
from inventory.errors import HarmonyError
from provisioner.cli.board import RowChanged, RowKind
from provisioner.images.calling import enter_network

BUILDS = ("boot-programs", "ramdisk", "node-image", "container-images", "kubernetes")
BUILDER = (sys.executable, "-m", "provisioner.images")
LONGEST_LINE = 2**24
"""Bytes: a finished build is one line, with every package that went into it."""
END_SECONDS = 10.0
RETRY_SECONDS = 15.0
LONGEST_RETRY_SECONDS = 360.0


class ImageBuildError(HarmonyError):
    """A builder ended without its artifacts; the message ends with what it wrote last."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a build is: `percent` 0 to 100, `remaining_seconds` an estimate or None."""

    name: str
    percent: float
    remaining_seconds: float | None


class ImageBuilds:
    """Runs the builders of `names` and knows what is finished; `tell` hears of every step.
    `builder` is the command that takes `build NAME --cache DIR`; with a folder of official Kubernetes
    programs, `kubernetes_binaries`, those are taken instead of built."""

    def __init__(
        self,
        cache: Path,
        log: Path,
        tell: Callable[[RowChanged], None],
        network_fd: int | None = None,
        names: tuple[str, ...] = BUILDS,
        builder: Sequence[str] = BUILDER,
        kubernetes_binaries: Path | None = None,
    ) -> None:
        self._given = () if not kubernetes_binaries else binaries_option(kubernetes_binaries)
        self._builder = tuple(builder)
        self.cache = cache
        self._log = log
        self._tell = tell
        self._network_fd = network_fd
        self._finished: dict[str, Artifact] = {}
        self._progress: dict[str, Progress] = {}
        self.versions: dict[str, str] = {}
        self.names = names
        self._done = {name: asyncio.Event() for name in names}

    def enter_network(self) -> None:
        """Takes the calling thread to where the builders fetch from."""
        if self._network_fd is not None:
            enter_network(self._network_fd)

    async def run(self) -> None:
        """Builds what is not built yet; ImageBuildError has the builder's last words."""
        left = [name for name in self.names if not self._done[name].is_set()]
        for name in left:
            self._tell(RowChanged(RowKind.IMAGE, name, "queued"))
        for name in left:
            await self.build(name)

    async def persist(self, say: Callable[[str], None], first: float = RETRY_SECONDS) -> None:
        """As `run`, for a site that is served already: a build that fails (its mirror is away, say) is
        said and tried again, after `first` seconds and then later each time."""
        pause = first
        while not self.all_done():
            try:
                await self.run()
            except ImageBuildError as error:
                say(f"{error}; machines are served all the same, tried again in {pause:.0f} s")
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_RETRY_SECONDS)

    async def build(self, name: str) -> None:
        """Builds one, which `run` then leaves out; raises as that does."""
        began = asyncio.get_running_loop().time()
        fd = self._network_fd
        network = () if fd is None else ("--network-fd", str(fd))
        with self._log.open("ab") as log:
            child = await asyncio.create_subprocess_exec(
                *("nice", "-n", "19", *self._builder),
                *("build", name, "--cache", str(self.cache), *network, *self._given),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                pass_fds=() if fd is None else (fd,),
                limit=LONGEST_LINE,
            )
        try:
            await self._listen(name, child)
        except ImageBuildError as error:
            self._progress.pop(name, None)  # it begins anew, and nobody knows when
            self._tell(RowChanged(RowKind.IMAGE, name, "failed", str(error)))
            raise
        finally:
            await _end(child)
        took = asyncio.get_running_loop().time() - began
        self._tell(RowChanged(RowKind.IMAGE, name, "finished", f"in {took:.0f} s"))

    async def until(self, build: str) -> None:
        """Returns when `build` is finished."""
        await self._done[build].wait()

    def all_done(self) -> bool:
        """Whether nothing is left to be built."""
        return all(done.is_set() for done in self._done.values())

    def find(self, name: str) -> Artifact | Progress:
        """A finished artifact by its name, or how far its build is."""
        if name in self._finished:
            return self._finished[name]
        build = name.split("/")[0]
        return self._progress.get(build, Progress(build, 0.0, None))

    def progress(self, build: str) -> Progress | None:
        """How far a build is; None once it is finished."""
        if self._done[build].is_set():
            return None
        return self._progress.get(build, Progress(build, 0.0, None))

    def artifacts(self) -> tuple[Artifact, ...]:
        """All that is finished."""
        return tuple(self._finished.values())

    async def _listen(self, name: str, child: asyncio.subprocess.Process) -> None:
        assert child.stdout is not None
        async for line in child.stdout:
            try:
                said = json.loads(line)
            except ValueError as error:
                words = line.decode(errors="replace").strip()
                raise ImageBuildError(f"{name} was not built: {words}") from error
            self._heard(name, said)
        if await child.wait() != 0 or not self._done[name].is_set():
            raise ImageBuildError(f"{name} was not built; the log: {self._log}")

    def _heard(self, name: str, said: dict[str, Any]) -> None:
        if "error" in said:
            raise ImageBuildError(f"{name} was not built: {said['error']}")
        if "artifacts" in said:
            self._finished |= {a["name"]: _artifact(a) for a in said["artifacts"]}
            self.versions |= said.get("versions", {})
            self._done[name].set()
            return
        step = Progress(name, said["percent"], said.get("remaining_seconds"))
        self._progress[name] = step
        self._tell(RowChanged(RowKind.IMAGE, name, "building", _left(step), step.percent))


def binaries_option(folder: Path) -> tuple[str, str]:
    """Of a builder, and of the commands that start it."""
    return "--kubernetes-binaries", str(folder)


async def _end(child: asyncio.subprocess.Process) -> None:
    """A builder that is not needed any more tidies up and ends; it may take its time to."""
    if child.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            child.terminate()
        try:
            await asyncio.wait_for(child.wait(), END_SECONDS)
        except TimeoutError:
            child.kill()
            await child.wait()


def _artifact(said: dict[str, Any]) -> Artifact:
    return Artifact(said["name"], said["sha256"], said["size"], said["path"])


def _left(step: Progress) -> str:
    """How long it still takes, in words that don't change with every second."""
    if step.remaining_seconds is None:
        return ""
    if step.remaining_seconds < 60:
        return "less than a minute left"
    return f"about {step.remaining_seconds / 60:.0f} min left"
