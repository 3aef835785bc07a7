"""Scores that do what a test tells them to, on a topology that remembers."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol, runtime_checkable

import pydantic
from typing_extensions import override

from harmony.domain.interpret import Interpret
from harmony.domain.outcome import Change, Outcome
from harmony.domain.score import Score
from harmony.domain.topology import Topology


@runtime_checkable
class Shelf(Protocol):
    """A capability: things stand on it."""

    @abstractmethod
    async def ensure_thing(self, spec: str) -> Change: ...


@runtime_checkable
class Lamp(Protocol):
    """A capability that only a Score brings about."""

    @abstractmethod
    async def ensure_light(self, spec: str) -> Change: ...


class ShelfTopology(Topology, Shelf, Protocol): ...


class LitShelfTopology(Topology, Shelf, Lamp, Protocol): ...


@dataclass
class Room(Shelf, Lamp):
    """`script` has, for each thing, the outcomes or errors of its passes before it is there."""

    through_scores: ClassVar[frozenset[type]] = frozenset({Lamp})

    script: Mapping[str, list[Outcome | Exception]] = field(
        default_factory=dict[str, list[Outcome | Exception]]
    )
    readiness: list[Outcome] = field(default_factory=list[Outcome])
    things: set[str] = field(default_factory=set[str])
    writes: list[str] = field(default_factory=list[str])

    def describe(self) -> str:
        return "room"

    async def ensure_ready(self) -> Outcome:
        return self.readiness.pop(0) if self.readiness else Outcome.done("swept")

    @override
    async def ensure_thing(self, spec: str) -> Change:
        if spec in self.things:
            return Change(False, spec)
        self.things.add(spec)
        self.writes.append(spec)
        return Change(True, spec)

    @override
    async def ensure_light(self, spec: str) -> Change:
        return await self.ensure_thing(spec)

    def next(self, name: str) -> Outcome | None:
        """The next scripted outcome of `name`; raises a scripted error."""
        left = self.script.get(name)
        if not left:
            return None
        step = left.pop(0)
        if isinstance(step, Exception):
            raise step
        return step


@dataclass(frozen=True)
class Put:
    """Puts a thing on the shelf, then does what the script says, then is done."""

    name: str

    async def execute(self, topology: Any) -> Outcome:
        scripted = topology.next(self.name)
        change = await topology.ensure_thing(self.name)
        if scripted is not None:
            return Outcome(scripted.status, scripted.message, changes=(change,))
        return Outcome.done(f"{self.name} is there", [change])


@pydantic.dataclasses.dataclass(frozen=True)
class Thing(Score[ShelfTopology]):
    name: str
    colour: str = "grey"

    @override
    def key(self) -> str:
        return f"thing/{self.name}"

    @override
    def interpret(self) -> Interpret[ShelfTopology]:
        return Put(self.name)


@pydantic.dataclasses.dataclass(frozen=True)
class Electrician(Score[LitShelfTopology]):
    """Provides the lamp that it needs itself; has both companions."""

    provides = (Lamp,)
    name: str = "joe"

    @override
    def key(self) -> str:
        return f"electrician/{self.name}"

    @override
    def interpret(self) -> Interpret[LitShelfTopology]:
        return Put("wiring")

    def readiness(self) -> Interpret[LitShelfTopology]:
        return Put("fuse")

    def smoke_test(self) -> Interpret[LitShelfTopology]:
        return Put("glow")


@pydantic.dataclasses.dataclass(frozen=True)
class NeedsLight(Score[LitShelfTopology]):
    """Waits for the lamp, that of `electrician` if he is named, and is done when it is done."""

    name: str
    electrician: str | None = None

    @override
    def key(self) -> str:
        return f"needs-light/{self.name}"

    @override
    def provider_of(self, capability: type) -> str | None:
        return self.electrician if capability is Lamp else None

    @override
    def interpret(self) -> Interpret[LitShelfTopology]:
        return Put(self.name)


@pydantic.dataclasses.dataclass(frozen=True)
class Picture(Score[LitShelfTopology]):
    """Waits for the lamp; is dusted for as long as the room is kept."""

    name: str

    @override
    def key(self) -> str:
        return f"picture/{self.name}"

    @override
    def interpret(self) -> Interpret[LitShelfTopology]:
        return Put(self.name)

    def upkeep(self) -> Interpret[LitShelfTopology]:
        return Put(f"{self.name} dusted")
