"""ArtifactStore over whatever builds: what is finished, or how far its making is."""

from __future__ import annotations

from collections.abc import Callable

from typing_extensions import override

from harmony.domain.capability.artifact_store import ArtifactQuery, ArtifactStore, Preparing
from inventory.contribution import Artifact

Finder = Callable[[str], Artifact | Preparing]


class BuiltArtifacts(ArtifactStore):
    """`find` answers at once, from what the builders have said last."""

    def __init__(self, find: Finder) -> None:
        self._find = find

    @override
    async def ask_artifact(self, query: ArtifactQuery) -> Artifact | Preparing:
        return self._find(query.name)
