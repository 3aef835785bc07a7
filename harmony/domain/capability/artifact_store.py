"""Finished images and binaries, or how far their making is."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from inventory.contribution import Artifact


@dataclass(frozen=True, slots=True)
class ArtifactQuery:
    """`name` as the builders name it: `node-image`, `kubernetes/kubelet`, `container-images` …"""

    name: str


@dataclass(frozen=True, slots=True)
class Preparing:
    """Being built: `percent` and `remaining_seconds` where the builder can say."""

    name: str
    percent: int | None = None
    remaining_seconds: float | None = None

    @property
    def words(self) -> str:
        """Such as `node-image, 61 %, about 2 min`."""
        parts = [self.name]
        if self.percent is not None:
            parts.append(f"{self.percent} %")
        if self.remaining_seconds is not None:
            minutes = round(self.remaining_seconds / 60)
            parts.append(f"about {minutes} min" if minutes else "less than a minute")
        return ", ".join(parts)


@runtime_checkable
class ArtifactStore(Protocol):
    @abstractmethod
    async def ask_artifact(self, query: ArtifactQuery) -> Artifact | Preparing: ...
