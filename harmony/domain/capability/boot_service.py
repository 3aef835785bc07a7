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
    """Where `host`'s machine fetches `artifact` from, on the network it boots from; `secure`: by HTTPS,
    if the site serves it. That client has to trust the site's CA."""

    artifact: Artifact
    host: Host
    secure: bool = False


@dataclass(frozen=True, slots=True)
class SiteCaQuery:
    """Whom clients of `host`'s boot service are to trust."""

    host: Host


@dataclass(frozen=True, slots=True)
class SiteCa:
    """`certificate` is PEM, `sha256` its fingerprint in hex."""

    certificate: str
    sha256: str


@runtime_checkable
class BootService(Protocol):
    @abstractmethod
    async def ensure_ramdisk(self, spec: RamdiskSpec) -> Change: ...

    @abstractmethod
    async def ensure_artifacts(self, spec: ArtifactsSpec) -> Change: ...

    @abstractmethod
    async def observe_artifact_url(self, query: ArtifactUrlQuery) -> str: ...

    @abstractmethod
    async def observe_site_ca(self, query: SiteCaQuery) -> SiteCa: ...
