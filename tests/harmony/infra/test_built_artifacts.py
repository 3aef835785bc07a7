from __future__ import annotations

import asyncio

import pytest

from harmony.domain.capability.artifact_store import ArtifactQuery, Preparing
from harmony.infra.built_artifacts import BuiltArtifacts
from inventory.contribution import Artifact

pytestmark = pytest.mark.unit


def test_whatever_the_builders_have_said_last() -> None:
    finished = Artifact("node-image", "ab", 1, "/cache/node-image")
    said: dict[str, Artifact | Preparing] = {"node-image": Preparing("node-image", 61, 120)}
    store = BuiltArtifacts(said.__getitem__)
    asking = ArtifactQuery("node-image")
    assert asyncio.run(store.ask_artifact(asking)) == Preparing("node-image", 61, 120)
    said["node-image"] = finished
    assert asyncio.run(store.ask_artifact(asking)) == finished
