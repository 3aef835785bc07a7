"""Images and binaries of a cluster: all finished, or the words for what is still being made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from harmony.domain.capability.artifact_store import ArtifactQuery, ArtifactStore, Preparing
from harmony.domain.capability.boot_service import ArtifactUrlQuery, BootService
from harmony.modules.kubernetes.assets import (
    CONTAINER_IMAGES,
    CONTROL_PLANE_BINARIES,
    KUBELET,
    NODE_IMAGE,
    SANDBOX_IMAGE,
    Asset,
    NodeAssets,
)
from inventory.contribution import Artifact
from inventory.host import Host

_FILES = (KUBELET, *CONTROL_PLANE_BINARIES, CONTAINER_IMAGES)


@dataclass(frozen=True, slots=True)
class ClusterAssets:
    """`image` is the node's disk; `files`, by artifact name, are what its first boot fetches."""

    image: Artifact
    files: dict[str, Artifact]

    async def at(self, boot: BootService, host: Host) -> NodeAssets:
        """Where `host` fetches them from."""
        urls = {
            name: await boot.observe_artifact_url(ArtifactUrlQuery(artifact, host))
            for name, artifact in self.files.items()
        }
        binaries = {
            name.partition("/")[2]: Asset(urls[name], self.files[name].sha256)
            for name in (KUBELET, *CONTROL_PLANE_BINARIES)
        }
        images = Asset(urls[CONTAINER_IMAGES], self.files[CONTAINER_IMAGES].sha256)
        return NodeAssets(binaries, images, SANDBOX_IMAGE)


async def ask_assets(store: ArtifactStore) -> ClusterAssets | str:
    """All of them, or the words for those that are still being prepared."""
    answers = {
        name: await store.ask_artifact(ArtifactQuery(name)) for name in (NODE_IMAGE, *_FILES)
    }
    waiting = [one for one in answers.values() if isinstance(one, Preparing)]
    if waiting:
        return f"waiting for {_words(waiting)}"
    ready = {name: one for name, one in answers.items() if isinstance(one, Artifact)}
    return ClusterAssets(ready[NODE_IMAGE], {name: ready[name] for name in _FILES})


def _words(waiting: Iterable[Preparing]) -> str:
    """One word a build: the binaries of Kubernetes are one of them."""
    by_build = {one.name.partition("/")[0]: one for one in waiting}
    return "; ".join(
        Preparing(name, one.percent, one.remaining_seconds).words for name, one in by_build.items()
    )
