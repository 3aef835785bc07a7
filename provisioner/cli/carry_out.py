"""Carries a declaration out: the one function behind `rehearse` and `serve`.

The daemon serves, the builders build, Maestro runs the Scores; everything that is seen goes to the
watch. Nothing here keeps state: it can be killed and called again at any moment.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from harmony.domain.event import (
    Event,
    RunFinished,
    ScoreChanged,
    ScoreFinished,
    ScoreStarted,
    TopologyChanged,
)
from harmony.domain.order import AnyScore
from harmony.domain.outcome import Outcome
from harmony.domain.score import title
from harmony.domain.topology import Topology
from harmony.maestro import Maestro
from inventory.errors import HarmonyError
from provisioner.cli.board import RowChanged, RowKind
from provisioner.cli.daemon_keeper import Keeper
from provisioner.cli.foreign_dhcp_watch import ForeignDhcpWatch
from provisioner.cli.host_rows import HostRows
from provisioner.cli.image_builds import ImageBuilds
from provisioner.cli.ramdisk_offer import RamdiskOffer
from provisioner.cli.report import ScoreReport
from provisioner.cli.score_words import ScoreWords
from provisioner.cli.views import Watch
from provisioner.images.boot_programs import NAME as BOOT_PROGRAMS


@dataclass(slots=True)
class Run:
    """What one run is made of. `needed_first` is built before the daemon is asked to serve, and then
    `building` makes what is left. `scores` gathers how each Score ended, for the report; `words`
    what those say that have not."""

    watch: Watch
    daemon: Keeper
    hosts: HostRows
    foreign_dhcp: ForeignDhcpWatch
    builds: ImageBuilds
    ramdisk: RamdiskOffer
    site: Topology
    building: Callable[[], Coroutine[Any, Any, None]]
    needed_first: tuple[str, ...] = (BOOT_PROGRAMS,)
    scores: dict[str, ScoreReport] = field(default_factory=dict[str, ScoreReport])
    words: ScoreWords = field(default_factory=ScoreWords)

    def hear(self, event: Event) -> None:
        """Maestro's listener: every Score is a row."""
        self.words.hear(event)
        match event:
            case ScoreStarted(score):
                self.watch.tell(RowChanged(RowKind.SCORE, title(score), "started"))
            case ScoreChanged(score, stage, outcome):
                self.watch.tell(_row(score, stage, outcome))
                self._show_bug(outcome)
            case ScoreFinished(score, outcome, seconds):
                name, status = title(score), outcome.status
                self.scores[name] = ScoreReport(name, status, outcome.message, seconds)
                self.watch.tell(_row(score, status, outcome))
            case TopologyChanged(outcome):
                self.watch.say(f"topology: {outcome.message}")
                self._show_bug(outcome)
            case RunFinished():
                pass  # the command that carries out says what that means

    def _show_bug(self, outcome: Outcome) -> None:
        if outcome.traceback:
            self.watch.say(outcome.traceback.rstrip())


@contextlib.asynccontextmanager
async def services(run: Run) -> AsyncGenerator[asyncio.TaskGroup]:
    """The daemon up, the site served, and all that goes on beside the Scores; ended when the body is.

    Raises OperatorError before the body if the daemon or the site is refused. The body may add
    tasks of its own to the group. One that fails (a rehearsal's builder, the daemon's restart) ends
    the body with its error.
    """
    try:
        async with asyncio.TaskGroup() as group:
            parts = [group.create_task(_beat(run.watch))]
            try:
                for name in run.needed_first:
                    await run.builds.build(name)
                await run.daemon.ensure_serving()
                parts += [
                    group.create_task(part)
                    for part in (
                        run.building(),
                        run.hosts.follow(),
                        run.foreign_dhcp.follow(),
                        run.daemon.keep(),
                        run.ramdisk.report_preparations(),
                    )
                ]
                await run.site.ensure_ready()
                yield group
            finally:
                for part in parts:
                    part.cancel()
    except BaseExceptionGroup as group_error:
        raise _first_cause(group_error) from group_error


async def carry_out(
    run: Run,
    maestro: Maestro[Any],
    *,
    keep: bool = False,
    ended: Callable[[Mapping[str, Outcome]], None] = lambda outcomes: None,
) -> Mapping[str, Outcome]:
    """Offers the ramdisk as soon as there is one, then runs the Scores; inside of `services`.

    `ended` hears how all Scores ended. With `keep` their upkeep, and new tries of those that did
    not succeed, go on until cancelled; `ended` hears of what those came to as well.
    """

    def hear(event: Event) -> None:
        run.hear(event)
        if isinstance(event, RunFinished):
            ended(event.outcomes)

    await run.builds.until("ramdisk")
    await run.ramdisk.offer()
    return await maestro.run(hear, keep=keep)


async def _beat(watch: Watch) -> None:
    while True:
        watch.beat()
        await asyncio.sleep(1)


def _row(score: AnyScore, state: str, outcome: Outcome) -> RowChanged:
    words = " · ".join((outcome.message, *outcome.details))
    return RowChanged(RowKind.SCORE, title(score), state, words, status=outcome.status)


def _first_cause(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """The error a person should read: one of ours if there is one, else the first."""
    leaves = tuple(_leaves(group))
    ours = [error for error in leaves if isinstance(error, HarmonyError)]
    return (ours or leaves)[0]


def _leaves(group: BaseExceptionGroup[BaseException]) -> Iterator[BaseException]:
    for error in group.exceptions:
        if isinstance(error, BaseExceptionGroup):
            yield from _leaves(cast("BaseExceptionGroup[BaseException]", error))
        else:
            yield error
