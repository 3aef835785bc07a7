"""Assets: files from elsewhere are on the jump host, verified, and served to machines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Protocol

import pydantic
from pydantic import Field
from typing_extensions import override

from harmony.domain.asset import Asset
from harmony.domain.capability.asset_store import AssetStore, Fetching
from harmony.domain.capability.boot_service import ArtifactsSpec, BootService
from harmony.domain.interpret import Interpret
from harmony.domain.outcome import Change, Outcome
from harmony.domain.score import Many, Score
from harmony.domain.topology import Topology
from harmony.modules.assets.asset_check import check_assets
from inventory.contribution import Artifact
from inventory.diagnostic import Diagnostic
from inventory.site import Site


class AssetsTopology(Topology, AssetStore, BootService, Protocol):
    """A place that keeps files and serves them to machines."""


@pydantic.dataclasses.dataclass(frozen=True)
class Assets(Score[AssetsTopology]):
    """Machines fetch each of `assets` by HTTP, at `/artifacts/SHA256/NAME`, whatever has become of its
    source since it was first seen. `name` tells these from others' assets."""

    name: str
    assets: Annotated[Many[Asset], Field(min_length=1)]

    @override
    def key(self) -> str:
        return f"assets/{self.name}"

    @override
    def interpret(self) -> Interpret[AssetsTopology]:
        return AssetsInterpret(self.key(), tuple(self.assets))

    def upkeep(self) -> Interpret[AssetsTopology]:
        """The same again: somebody may have emptied the store."""
        return self.interpret()

    def check(self, site: Site) -> tuple[Diagnostic, ...]:
        return tuple(check_assets(self, self.name, self.assets))


@dataclass(frozen=True, slots=True)
class AssetsInterpret(Interpret[AssetsTopology]):
    """All downloads are begun before any is waited for."""

    owner: str
    assets: Sequence[Asset]

    @override
    async def execute(self, topology: AssetsTopology) -> Outcome:
        changes = [await topology.ensure_asset(asset) for asset in self.assets]
        found = [await topology.observe_asset(asset) for asset in self.assets]
        fetching = [one for one in found if isinstance(one, Fetching)]
        if fetching:
            return Outcome.running(f"waiting for {'; '.join(_words(fetching))}", changes)
        artifacts = tuple(one for one in found if isinstance(one, Artifact))
        changes.append(await topology.ensure_artifacts(ArtifactsSpec(self.owner, artifacts)))
        return _served(artifacts, changes)


def _served(artifacts: Sequence[Artifact], changes: Sequence[Change]) -> Outcome:
    details = (f"/artifacts/{one.sha256}/{one.name.rpartition('/')[2]}" for one in artifacts)
    message = f"in the store and served: {', '.join(one.name for one in artifacts)}"
    return Outcome.done(message, changes, tuple(details))


def _words(fetching: Iterable[Fetching]) -> Iterable[str]:
    return (one.words for one in fetching)
