"""Every Score runs twice: the second time nothing is left to do, and nothing is written."""

from __future__ import annotations

import asyncio
from typing import Any, Protocol

from harmony.domain.event import Event
from harmony.domain.outcome import Outcome, Status
from harmony.domain.score import Score
from harmony.maestro import Maestro
from tests.harmony.virtual_time import VirtualTime


class RecordingTopology(Protocol):
    """A topology by hand that notes each change it makes; asking and observing are not noted."""

    writes: list[str]

    def describe(self) -> str: ...

    async def ensure_ready(self) -> Outcome: ...


def outcome_on(topology: Any, score: Score[Any]) -> Outcome:
    """The last Outcome of one run of `score` in virtual time, its companions included."""
    return outcomes_on(topology, score)[score.key()]


def outcomes_on(topology: Any, *scores: Score[Any]) -> dict[str, Outcome]:
    return told_on(topology, *scores)[0]


def told_on(topology: Any, *scores: Score[Any]) -> tuple[dict[str, Outcome], list[Event]]:
    """The outcomes by key, and everything that Maestro told meanwhile."""
    time = VirtualTime()
    maestro = Maestro[Any](topology, sleep=time.sleep, clock=time.clock)
    maestro.register(*scores)
    events: list[Event] = []
    return asyncio.run(maestro.run(events.append)), events


def assert_idempotent(topology: RecordingTopology, score: Score[Any]) -> Outcome:
    """Runs `score` twice; the first Outcome, for more assertions."""
    first = outcome_on(topology, score)
    assert first.status is Status.SUCCESS, first
    assert topology.writes, "the first run wrote nothing: what would a second prove?"
    topology.writes.clear()
    second = outcome_on(topology, score)
    assert (second.status, topology.writes) == (Status.NOOP, []), second
    return first
