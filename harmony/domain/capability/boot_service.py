"""What machines boot over the network, and the files they fetch."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from harmony.domain.outcome import Change
from inventory.contribution import Artifact, Ramdisk
from inventory.host import Host


@dataclass(frozen=True, slots=True)
class RamdiskSpec:
    """What every machine that is to be discovered or installed boots."""

    owner: str
    ramdisk: Ramdisk


@dataclass(frozen=True, slots=True)
class ArtifactsSpec:
    """All files that `owner` wants served, by their digests."""

    owner: str
    artifacts: tuple[Artifact, ...]


@dataclass(frozen=True, slots=True)
class ArtifactUrlQuery:
    """Where `host`'s machine fetches `artifact` from, on the network it boots from."""

    artifact: Artifact
    host: Host


@runtime_checkable
class BootService(Protocol):
    @abstractmethod
    async def ensure_ramdisk(self, spec: RamdiskSpec) -> Change: ...

    @abstractmethod
    async def ensure_artifacts(self, spec: ArtifactsSpec) -> Change: ...

    @abstractmethod
    async def observe_artifact_url(self, query: ArtifactUrlQuery) -> str: ...
