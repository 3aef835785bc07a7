"""AssetStore in a folder: each download runs in a thread, and is asked how far it is.

The threads are daemons on purpose: a command that ends doesn't wait for them, and what they leave behind
is what a kill would leave, from where the next download goes on.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from typing_extensions import override

from harmony.domain.asset import Asset, S3Object, Source
from harmony.domain.capability.asset_store import AssetStore, Fetching
from harmony.domain.outcome import Change
from harmony.infra.asset_download import AssetDownload, Step
from harmony.infra.asset_folder import AssetFolder
from harmony.infra.asset_source import AssetSource
from harmony.infra.file_source import FileSource
from harmony.infra.http_source import HttpSource
from harmony.infra.s3_credentials import CredentialsFiles
from inventory.contribution import Artifact

_AT_ONCE = 3
_REST_SECONDS = 10.0
"""After a download that failed, before its sources are asked again."""


class Sources(Protocol):
    """Makes of what is declared what can be downloaded from."""

    def __call__(self, source: Source) -> AssetSource: ...


def sources_with(credentials: CredentialsFiles) -> Sources:
    """Those of this product."""

    def made(source: Source) -> AssetSource:
        if isinstance(source, S3Object):
            from harmony.infra.s3_source import S3Source

            return S3Source(source, credentials)
        return FileSource(source) if source.startswith("file:") else HttpSource(source)

    return made


class AssetDownloads(AssetStore):
    """`enter` is called first in each thread, such as to enter the network that it is to use; `tell`
    hears, when the store is asked, how far each download is; `clock` is a steady one, in seconds."""

    def __init__(
        self,
        folder: AssetFolder,
        sources: Sources,
        *,
        enter: Callable[[], None] = lambda: None,
        tell: Callable[[Fetching | Artifact], None] = lambda told: None,
        clock: Callable[[], float] = time.monotonic,
        rest: float = _REST_SECONDS,
    ) -> None:
        self._folder = folder
        self._sources = sources
        self._enter = enter
        self._tell = tell
        self._clock = clock
        self._rest = rest
        self._free = threading.BoundedSemaphore(_AT_ONCE)
        self._jobs: dict[str, _Job] = {}

    @override
    async def ensure_asset(self, spec: Asset) -> Change:
        """Raises what the download raised, until it is time for another."""
        job = self._jobs.get(spec.sha256)
        if job is not None and job.runs:
            return Change(True, f"{spec.name} is downloaded")
        if self._folder.find(spec) is not None:
            return Change(False, f"{spec.name} is in the store")
        if job is not None and job.error and self._clock() < job.ended + self._rest:
            raise job.error
        self._jobs[spec.sha256] = self._begin(spec)
        return Change(True, f"{spec.name} is downloaded")

    @override
    async def observe_asset(self, query: Asset) -> Artifact | Fetching:
        """Raises what the download raised."""
        job = self._jobs.get(query.sha256)
        if job is not None and job.runs:
            return self._told(job.fetching(query.name))
        if (found := self._folder.find(query)) is not None:
            return self._told(found) if job is not None else found
        if job is not None and job.error is not None:
            raise job.error
        return Fetching(query.name)

    def _begin(self, asset: Asset) -> _Job:
        job = _Job(self._clock)

        def download(step: Callable[[Step], None]) -> None:
            with self._free:
                self._enter()
                sources = [self._sources(one) for one in asset.sources]
                AssetDownload(asset, sources, self._folder, step).run()

        job.begin(f"asset {asset.name}", download)
        return job

    def _told(self, told: Artifact | Fetching) -> Artifact | Fetching:
        self._tell(told)
        return told


class _Job:
    """One download in its thread; what the thread writes, others only read."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._began: tuple[float, int] | None = None
        self._step = Step(0)
        self.runs = True
        self.error: Exception | None = None
        self.ended = 0.0

    def begin(self, name: str, download: Callable[[Callable[[Step], None]], None]) -> None:
        threading.Thread(target=self._run, args=(download,), name=name, daemon=True).start()

    def fetching(self, name: str) -> Fetching:
        step = self._step
        return Fetching(name, step.done, step.size, self._remaining(step), step.verifying)

    def _run(self, download: Callable[[Callable[[Step], None]], None]) -> None:
        try:
            download(self._hear)
        except Exception as error:  # told to who asks: ours as what they are, others as bugs
            self.error = error
        self.ended = self._clock()
        self.runs = False

    def _hear(self, step: Step) -> None:
        if self._began is None or step.done < self._began[1]:
            self._began = (self._clock(), step.done)
        self._step = step

    def _remaining(self, step: Step) -> float | None:
        if self._began is None or step.size is None:
            return None
        seconds, fetched = self._clock() - self._began[0], step.done - self._began[1]
        return None if fetched <= 0 else seconds * (step.size - step.done) / fetched


def folder_in(cache: Path, owner: tuple[int, int] | None = None) -> AssetFolder:
    """The store of this product's cache."""
    return AssetFolder(cache / "assets", owner)
