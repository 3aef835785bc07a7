"""Scores made of Scores, on a Room."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pydantic
from typing_extensions import override

from harmony.domain.interpret import Interpret
from harmony.domain.score import Many, Score
from tests.harmony.scripted import Lamp, LitShelfTopology, NeedsLight, Put, Thing


@pydantic.dataclasses.dataclass(frozen=True)
class Desk(Score[LitShelfTopology]):
    """A lamp of its own, books that are read by it, and all of it in order at the end."""

    provides = (Lamp,)
    name: str
    books: Many[str] = ()

    @override
    def key(self) -> str:
        return f"desk/{self.name}"

    @override
    def interpret(self) -> Interpret[LitShelfTopology]:
        return Put(f"desk {self.name}")

    def parts(self) -> Sequence[Score[LitShelfTopology]]:
        return (Thing(f"lamp of {self.name}"), *map(NeedsLight, self.books))


@pydantic.dataclasses.dataclass(frozen=True)
class Study(Score[LitShelfTopology]):
    """Desks, each made of its own parts."""

    desks: Many[Desk]

    @override
    def key(self) -> str:
        return "study/mine"

    @override
    def provider_of(self, capability: type) -> str | None:
        return self.desks[0].name

    @override
    def interpret(self) -> Interpret[LitShelfTopology]:
        return Put("study")

    def parts(self) -> Sequence[Score[Any]]:
        return self.desks


@pydantic.dataclasses.dataclass(frozen=True)
class Mirror(Score[LitShelfTopology]):
    """What it is made of has it among its own parts."""

    @override
    def key(self) -> str:
        return "mirror/hall"

    @override
    def interpret(self) -> Interpret[LitShelfTopology]:
        return Put("mirror")

    def parts(self) -> Sequence[Score[Any]]:
        return (Mirror(),)
