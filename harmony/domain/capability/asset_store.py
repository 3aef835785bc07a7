"""Files from elsewhere, kept by their content: downloaded once, verified, there without a network after."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from harmony.domain.asset import Asset
from harmony.domain.outcome import Change
from inventory.contribution import Artifact

_UNITS = ("B", "kB", "MB", "GB", "TB")


@dataclass(frozen=True, slots=True)
class Fetching:
    """On its way into the store: `done` of `size` bytes (None: the source doesn't say). All of them are
    there and being read once more while `verifying`."""

    name: str
    done: int = 0
    size: int | None = None
    remaining_seconds: float | None = None
    verifying: bool = False

    @property
    def percent(self) -> int | None:
        if not self.size:
            return None
        return min(100, 100 * self.done // self.size)

    @property
    def words(self) -> str:
        """Such as `fcos-kernel (334 MB), 61 %, about 2 min`."""
        if self.verifying:
            return f"{self.name} ({amount(self.done)}), being verified"
        if self.size is None:
            return f"{self.name}, {amount(self.done)} so far" if self.done else self.name
        parts = (
            f"{self.name} ({amount(self.size)})",
            f"{self.percent or 0} %",
            self.remaining_words,
        )
        return ", ".join(filter(None, parts))

    @property
    def remaining_words(self) -> str:
        """Such as `about 2 min`; empty where nobody knows."""
        if self.remaining_seconds is None:
            return ""
        minutes = round(self.remaining_seconds / 60)
        return f"about {minutes} min" if minutes else "less than a minute"


@runtime_checkable
class AssetStore(Protocol):
    @abstractmethod
    async def ensure_asset(self, spec: Asset) -> Change:
        """In the store, or on its way from now on; changed while it isn't there."""

    @abstractmethod
    async def observe_asset(self, query: Asset) -> Artifact | Fetching:
        """The verified file, or how far it is."""


def amount(size: int) -> str:
    """Bytes as a person reads them: `334 MB`, `1.2 GB`; in powers of ten, as disks and networks count."""
    number, unit = float(size), 0
    while number >= 1000 and unit < len(_UNITS) - 1:
        number, unit = number / 1000, unit + 1
    return (
        f"{number:.1f} {_UNITS[unit]}" if number < 10 and unit else f"{number:.0f} {_UNITS[unit]}"
    )
