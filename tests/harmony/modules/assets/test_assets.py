from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field

import pytest
from typing_extensions import override

from harmony.domain.asset import Asset, S3Object
from harmony.domain.capability.asset_store import AssetStore, Fetching
from harmony.domain.capability.boot_service import (
    ArtifactsSpec,
    ArtifactUrlQuery,
    BootService,
    RamdiskSpec,
    SiteCa,
    SiteCaQuery,
)
from harmony.domain.document import from_document, to_document
from harmony.domain.outcome import Change, Outcome, Status
from harmony.modules.assets.assets import Assets
from inventory.contribution import Artifact
from tests.harmony.idempotence import assert_idempotent

pytestmark = pytest.mark.unit

KERNEL = Asset("fcos/kernel", url="https://mirror.example/k", sha256="a" * 64)
ROOTFS = Asset("rootfs", url=S3Object("s3://images/rootfs", credentials="images"), sha256="b" * 64)
SCORE = Assets("fcos", [KERNEL, ROOTFS])


@dataclass
class Shelf(AssetStore, BootService):
    """`passes` is how often an asset is asked for before it is there."""

    passes: int = 2
    asked: dict[str, int] = field(default_factory=dict[str, int])
    served: dict[str, tuple[Artifact, ...]] = field(default_factory=dict[str, tuple[Artifact, ...]])
    writes: list[str] = field(default_factory=list[str])

    def describe(self) -> str:
        return "shelf"

    async def ensure_ready(self) -> Outcome:
        return Outcome.done("ready")

    @override
    async def ensure_asset(self, spec: Asset) -> Change:
        self.asked[spec.name] = self.asked.get(spec.name, -1) + 1
        missing = self.asked[spec.name] < self.passes
        if missing:
            self.writes.append(f"fetch {spec.name}")
        return Change(missing, spec.name)

    @override
    async def observe_asset(self, query: Asset) -> Artifact | Fetching:
        if self.asked[query.name] < self.passes:
            return Fetching(query.name, 40, 100)
        return Artifact(query.name, query.sha256, 100, f"/store/{query.sha256}")

    @override
    async def ensure_artifacts(self, spec: ArtifactsSpec) -> Change:
        if self.served.get(spec.owner) == spec.artifacts:
            return Change(False, "served")
        self.served[spec.owner] = spec.artifacts
        self.writes.append(f"serve {spec.owner}")
        return Change(True, "served")

    @override
    async def ensure_ramdisk(self, spec: RamdiskSpec) -> Change:
        raise NotImplementedError

    @override
    async def observe_site_ca(self, query: SiteCaQuery) -> SiteCa:
        raise NotImplementedError

    @override
    async def observe_artifact_url(self, query: ArtifactUrlQuery) -> str:
        raise NotImplementedError


def test_second_run_changes_nothing() -> None:
    shelf = Shelf()
    outcome = assert_idempotent(shelf, SCORE)
    assert outcome.message == "in the store and served: fcos/kernel, rootfs"
    assert outcome.details == (f"/artifacts/{'a' * 64}/kernel", f"/artifacts/{'b' * 64}/rootfs")
    assert [one.name for one in shelf.served["assets/fcos"]] == ["fcos/kernel", "rootfs"]


def test_all_downloads_are_begun_before_any_is_waited_for() -> None:
    shelf = Shelf()
    first = asyncio.run(SCORE.interpret().execute(shelf))
    assert (first.status, first.message) == (
        Status.RUNNING,
        "waiting for fcos/kernel (100 B), 40 %; rootfs (100 B), 40 %",
    )
    assert shelf.writes == ["fetch fcos/kernel", "fetch rootfs"]


def test_upkeep_fetches_again_what_is_gone() -> None:
    shelf = Shelf()
    assert_idempotent(shelf, SCORE)
    shelf.asked.clear()
    outcome = asyncio.run(SCORE.upkeep().execute(shelf))
    assert (outcome.status, outcome.changed) == (Status.RUNNING, True)


def test_json_there_and_back() -> None:
    document = json.loads(json.dumps(to_document(SCORE)))
    assert from_document(document, (Assets,)) == SCORE
