"""A cluster's installer program, and what it makes of a configuration: boot configs, certificates, ways in.

What it made is precious: each making is a generation of its own, kept whole and secret, never overwritten.
"""

from __future__ import annotations

import hashlib
import json
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, runtime_checkable

from harmony.domain.outcome import Change
from inventory.contribution import Artifact


@dataclass(frozen=True, slots=True)
class InstallerManifest:
    """An object put among the installer's own, or in place of its own of that `path`, which is relative."""

    path: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class InstallationAssetsSpec:
    """What `program`, an installer of release `version`, makes of `configuration` for `cluster` (its domain).

    `in_place` is for one machine that installs itself without another to bootstrap it. Of `secrets`
    nothing is ever shown, even if the program prints it.
    """

    cluster: str
    generation: int
    version: str
    program: Artifact
    configuration: str = field(repr=False)
    manifests: tuple[InstallerManifest, ...] = ()
    in_place: bool = False
    secrets: tuple[str, ...] = field(default=(), repr=False)

    @property
    def inputs_sha256(self) -> str:
        """Of all that decides what is made, but not of whose or which generation it is."""
        manifests = sorted((one.path, one.text) for one in self.manifests)
        inputs = (self.version, self.program.sha256, self.configuration, manifests, self.in_place)
        return hashlib.sha256(json.dumps(inputs).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class InstallationAssetsQuery:
    cluster: str


@dataclass(frozen=True, slots=True)
class InstallationAssets:
    """`files` are the contents by path, byte for byte; `made_at` is when their making began. `settled` says
    that a cluster came out of them."""

    cluster: str
    generation: int
    version: str
    inputs_sha256: str
    made_at: datetime
    settled: bool
    files: Mapping[str, bytes] = field(repr=False)


@dataclass(frozen=True, slots=True)
class ObservedInstallationAssets:
    """The latest generation that is whole, as it was `at` that time."""

    at: datetime
    latest: InstallationAssets | None


@dataclass(frozen=True, slots=True)
class SettledInstallation:
    """The bootstrap of `cluster` is complete: it came out of `generation`, which is the last one for good."""

    cluster: str
    generation: int


@runtime_checkable
class ClusterInstaller(Protocol):
    @abstractmethod
    async def ensure_installation_assets(self, spec: InstallationAssetsSpec) -> Change:
        """They are whole and kept. What a crash interrupted is made again from its beginning."""

    @abstractmethod
    async def observe_installation_assets(
        self, query: InstallationAssetsQuery
    ) -> ObservedInstallationAssets: ...

    @abstractmethod
    async def ensure_settled_installation(self, spec: SettledInstallation) -> Change: ...
