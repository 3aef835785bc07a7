"""What one Score adds to a config."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from harmony.modules.ignition import model
from harmony.modules.ignition.canonical import canonical_json
from harmony.modules.ignition.spec.config import Config


@dataclass(frozen=True, slots=True)
class Layer:
    """`contributor` is the Score, or the file, whose `config` it is."""

    contributor: str
    config: Config

    @classmethod
    def written(cls, contributor: str, config: model.Config) -> Self:
        """A config that keeps our own rules of writing, as one like any other."""
        return cls(contributor, Config.model_validate_json(canonical_json(config)))
