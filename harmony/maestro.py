"""Carries Scores out on a topology, and keeps no state of its own.

On every start each Score is interpreted again and finds by observing what is done already. Killing
Maestro in any phase therefore loses nothing. Scores run concurrently; one that needs a capability
which another provides waits for that one, BLOCKED; a pass that is not final is repeated.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar, cast

from harmony.domain.attempt import Pass, attempt
from harmony.domain.composition import with_parts
from harmony.domain.event import (
    Event,
    RunFinished,
    ScoreChanged,
    ScoreFinished,
    ScoreStarted,
    Stage,
    TopologyChanged,
)
from harmony.domain.interpret import Interpret
from harmony.domain.judgement import judge, not_a_score
from harmony.domain.order import AnyScore, Step, plan
from harmony.domain.outcome import Outcome, Status
from harmony.domain.pacing import Pacing
from harmony.domain.score import HasReadiness, HasSmokeTest, HasUpkeep, Score
from harmony.domain.topology import Topology
from inventory.diagnostic import Diagnostic
from inventory.errors import OperatorError
from inventory.place import current_reading, innermost_frame, refused

T = TypeVar("T", bound=Topology)

Listener = Callable[[Event], None]
Makes = Callable[[], Interpret[Any]]


class RefusedDeclarationError(OperatorError):
    """The registered Scores can't be carried out on this topology; nothing was touched."""


class Maestro(Generic[T]):
    """`kinds` are the Score classes that the product knows, `topologies` its topologies: for the
    judgement. `sleep` and `clock` are those of the event loop, or of a test's virtual time."""

    def __init__(
        self,
        topology: T,
        *,
        kinds: Iterable[type[AnyScore]] = (),
        topologies: Iterable[type] = (),
        pacing: Pacing | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._topology = topology
        self._kinds = tuple(kinds)
        self._topologies = tuple(topologies)
        self._pacing = pacing or Pacing()
        self._sleep = sleep
        self._clock = clock
        self._scores: list[Score[T]] = []
        self._strangers: list[Diagnostic] = []

    def register(self, *scores: Score[T]) -> None:
        """Collects; order never matters. What is wrong with them is told by `compile`."""
        reading = current_reading()
        origin = None if reading is None else reading.origin(innermost_frame())
        # Perhaps no type checker has seen the file that registers.
        for at, one in enumerate(cast("tuple[object, ...]", scores)):
            if isinstance(one, Score):
                self._scores.extend(with_parts([cast("Score[T]", one)]))
            else:
                place = None if origin is None else origin.arguments.get(str(at), origin.call)
                self._strangers.append(not_a_score(one, place))

    @property
    def kinds(self) -> tuple[type[AnyScore], ...]:
        return self._kinds

    @property
    def registered(self) -> tuple[Score[T], ...]:
        """All, also those that stand in for refused ones."""
        return tuple(self._scores)

    @property
    def scores(self) -> tuple[Score[T], ...]:
        """As registered, without those that stand in for refused ones."""
        return tuple(score for score in self._scores if not refused(score))

    @property
    def strangers(self) -> tuple[Diagnostic, ...]:
        """A finding for everything registered that is no Score."""
        return tuple(self._strangers)

    def compile(self) -> tuple[Diagnostic, ...]:
        """All that stands against carrying the registered Scores out here; touches nothing."""
        judged = judge(self._scores, self._topology, self._kinds, self._topologies)
        return (*self._strangers, *judged)

    def plan(self) -> tuple[Step, ...]:
        """The steps of a run, in one order whatever the order of registration."""
        return plan(self.scores)

    async def run(self, listener: Listener, *, keep: bool = False) -> dict[str, Outcome]:
        """Carries all out and returns each Score's last Outcome by its key.

        With `keep` it then does upkeep and tries again what did not succeed (an operator may have
        mended it), until cancelled or until all is done and nothing needs upkeep. Raises
        RefusedDeclarationError before anything is touched. A bug fails the Score that met it, with its
        traceback, and leaves the others alone.
        """
        findings = self.compile()
        if findings:
            raise RefusedDeclarationError("this declaration cannot be carried out", findings)
        steps = self.plan()
        finished, good = ({step.key: asyncio.Event() for step in steps} for _ in range(2))
        run = _Run(listener, keep, finished, good)
        async with asyncio.TaskGroup() as group:
            async with asyncio.TaskGroup() as scores:
                for step in steps:
                    scores.create_task(self._step(run, step, group))
            if not keep:
                for task in run.upkeeps:
                    task.cancel()
        return run.outcomes

    async def _step(self, run: _Run, step: Step, group: asyncio.TaskGroup) -> None:
        pause = self._pacing.retry
        while True:
            outcome, seconds = await self._try(run, step)
            run.finish(step, outcome, seconds)
            if outcome.status.good or not run.keep:
                break
            if not await run.providers_turned_good(step):
                await self._sleep(pause)
                pause = min(pause * 2, self._pacing.longest_retry)
        if outcome.status.good and isinstance(step.score, HasUpkeep):
            upkeep = self._passes(step.score.upkeep)
            run.upkeeps.append(group.create_task(self._keep_up(run, step.score, upkeep)))

    async def _try(self, run: _Run, step: Step) -> tuple[Outcome, float]:
        hindrance = await self._topology_hinders(run) or await self._provider_hinders(run, step)
        if hindrance is not None:
            return hindrance, 0.0
        began = self._clock()
        run.listener(ScoreStarted(step.score))
        outcome = await self._stages(run, step.score)
        return outcome, self._clock() - began

    async def _topology_hinders(self, run: _Run) -> Outcome | None:
        """None once the topology is ready; asked once for all Scores, again after a failure."""
        async with run.asking_topology:
            if run.ready is None:
                ready = await self._until_final(
                    self._topology.ensure_ready,
                    lambda outcome: run.listener(TopologyChanged(outcome)),
                )
                if not ready.status.good and run.keep:
                    return _not_ready(ready)
                run.ready = ready
        return None if run.ready.status.good else _not_ready(run.ready)

    async def _provider_hinders(self, run: _Run, step: Step) -> Outcome | None:
        """None once all that the step waits for is there; else why it will never be."""
        for wait in step.waits_for:
            if not run.finished[wait.provider].is_set():
                outcome = Outcome.blocked(f"waits for {wait.words}")
                run.listener(ScoreChanged(step.score, Stage.INTERPRET, outcome))
                await run.finished[wait.provider].wait()
            if not run.outcomes[wait.provider].status.good:
                return Outcome.blocked(f"needs {wait.words}, but that did not succeed")
        return None

    async def _stages(self, run: _Run, score: AnyScore) -> Outcome:
        stages: list[tuple[Stage, Makes]] = [(Stage.INTERPRET, score.interpret)]
        if isinstance(score, HasReadiness):
            stages.append((Stage.READINESS, score.readiness))
        if isinstance(score, HasSmokeTest):
            stages.append((Stage.SMOKE_TEST, score.smoke_test))
        outcomes: list[Outcome] = []
        for stage, makes in stages:
            outcome = await self._stage(run, score, stage, makes)
            if not outcome.status.good:
                return replace(outcome, message=f"{stage}: {outcome.message}")
            outcomes.append(outcome)
        return _together(outcomes)

    async def _stage(self, run: _Run, score: AnyScore, stage: Stage, makes: Makes) -> Outcome:
        return await self._until_final(
            self._passes(makes),
            lambda outcome: run.listener(ScoreChanged(score, stage, outcome)),
        )

    def _passes(self, makes: Makes) -> Pass:
        """Passes of one Interpret; it is made in the first, so that what its making raises is told as
        what a pass raises."""
        made: list[Interpret[Any]] = []

        async def one_pass() -> Outcome:
            if not made:
                made.append(makes())
            return await made[0].execute(self._topology)

        return one_pass

    async def _until_final(self, one_pass: Pass, tell: Callable[[Outcome], None]) -> Outcome:
        last: Outcome | None = None
        changed = False
        pause = self._pacing.first
        while True:
            outcome = await attempt(one_pass)
            changed = changed or outcome.changed
            if outcome.status is Status.NOOP and changed:
                outcome = replace(outcome, status=Status.SUCCESS)
            if outcome != last:
                tell(outcome)
                pause = self._pacing.first
            if outcome.status.final:
                return outcome
            last = outcome
            await self._sleep(pause)
            pause = self._pacing.after(pause)

    async def _keep_up(self, run: _Run, score: AnyScore, one_pass: Pass) -> None:
        last: Outcome | None = None
        while True:
            await self._sleep(self._pacing.upkeep)
            outcome = await attempt(one_pass)
            if outcome != last:
                run.listener(ScoreChanged(score, Stage.UPKEEP, outcome))
            last = outcome


@dataclass(slots=True)
class _Run:
    listener: Listener
    keep: bool
    finished: dict[str, asyncio.Event]
    good: dict[str, asyncio.Event]
    outcomes: dict[str, Outcome] = field(default_factory=dict[str, Outcome])
    upkeeps: list[asyncio.Task[None]] = field(default_factory=list["asyncio.Task[None]"])
    ready: Outcome | None = None
    asking_topology: asyncio.Lock = field(default_factory=asyncio.Lock)

    def finish(self, step: Step, outcome: Outcome, seconds: float) -> None:
        if self.outcomes.get(step.key) == outcome:
            return  # tried again, and nothing new
        self.outcomes[step.key] = outcome
        self.listener(ScoreFinished(step.score, outcome, seconds))
        self.finished[step.key].set()
        if outcome.status.good:
            self.good[step.key].set()
        if len(self.outcomes) == len(self.finished):
            self.listener(RunFinished(dict(self.outcomes)))

    async def providers_turned_good(self, step: Step) -> bool:
        """False at once if none of the step's providers was in its way, else True when all are there."""
        hindering = [
            event for wait in step.waits_for if not (event := self.good[wait.provider]).is_set()
        ]
        for event in hindering:
            await event.wait()
        return bool(hindering)


def _not_ready(ready: Outcome) -> Outcome:
    return Outcome.blocked(f"the topology is not ready: {ready.message}")


def _together(outcomes: list[Outcome]) -> Outcome:
    """The interpret's own words, the companions' as details; SUCCESS if any changed something."""
    first = outcomes[0]
    changed = any(outcome.changed for outcome in outcomes)
    return replace(
        first,
        status=Status.SUCCESS if changed else Status.NOOP,
        details=(*first.details, *(outcome.message for outcome in outcomes[1:])),
    )
