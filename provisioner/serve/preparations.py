"""What is being built elsewhere while machines wait for it; kept in memory, said in words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Preparation:
    """`percent` from 0 to 100; `remaining_seconds` None while nobody can tell."""

    percent: float
    remaining_seconds: float | None = None


class Preparations:
    """By name (`node image`), in the order in which they were first told."""

    def __init__(self) -> None:
        self._by_name: dict[str, Preparation] = {}

    def put(self, name: str, preparation: Preparation) -> None:
        self._by_name[name] = preparation

    def remove(self, name: str) -> bool:
        """Whether it was there."""
        return self._by_name.pop(name, None) is not None

    def words(self) -> str:
        """All of them in words: `node image, 61 %, about 2 min`; empty if there is none."""
        return "; ".join(_words(name, one) for name, one in self._by_name.items())


def _words(name: str, preparation: Preparation) -> str:
    words = f"{name.replace('-', ' ')}, {preparation.percent:.0f} %"
    if preparation.remaining_seconds is None:
        return words
    return f"{words}, {_about(preparation.remaining_seconds)}"


def _about(seconds: float) -> str:
    if seconds < 90:
        return f"about {max(1, round(seconds))} s"
    return f"about {round(seconds / 60)} min"
