from __future__ import annotations

import asyncio
import random
from typing import Any

import pydantic
import pytest
from typing_extensions import override

from harmony.domain.event import (
    Event,
    RunFinished,
    ScoreChanged,
    ScoreFinished,
    ScoreStarted,
    TopologyChanged,
)
from harmony.domain.interpret import Interpret
from harmony.domain.outcome import Outcome, Status
from harmony.domain.score import Score
from harmony.maestro import Maestro, RefusedDeclarationError
from inventory.errors import ProvisionerBug
from tests.harmony.idempotence import assert_idempotent, outcome_on, outcomes_on, told_on
from tests.harmony.scripted import Electrician, NeedsLight, Picture, Room, Thing
from tests.harmony.virtual_time import VirtualTime

pytestmark = pytest.mark.unit


class KilledError(BaseException):
    """Stands for a SIGKILL: nothing catches it."""


def words(event: Event) -> str:
    match event:
        case TopologyChanged(outcome):
            return f"topology: {outcome.status} {outcome.message}"
        case ScoreStarted(score):
            return f"{score.key()} started"
        case ScoreChanged(score, stage, outcome):
            return f"{score.key()} {stage}: {outcome.status} {outcome.message}"
        case ScoreFinished(score, outcome, seconds):
            return f"{score.key()} finished: {outcome.status} {outcome.message} ({seconds:.1f} s)"
        case RunFinished(outcomes):
            return (
                f"run finished: {', '.join(f'{k} {o.status}' for k, o in sorted(outcomes.items()))}"
            )


def test_tells_the_whole_story_of_a_run() -> None:
    room = Room({"wiring": [Outcome.running("waits for plaster")] * 3, "mona": []})
    _, events = told_on(room, Picture("mona"), Electrician())
    assert [words(event) for event in events] == [
        "topology: noop swept",
        "electrician/joe started",
        "electrician/joe interpret: running waits for plaster",
        'picture/mona interpret: blocked waits for Lamp, which Electrician "joe" provides',
        "electrician/joe interpret: running waits for plaster",  # this pass changed nothing
        "electrician/joe interpret: success wiring is there",
        "electrician/joe readiness: success fuse is there",
        "electrician/joe smoke test: success glow is there",
        "electrician/joe finished: success wiring is there (1.0 s)",
        "picture/mona started",
        "picture/mona interpret: success mona is there",
        "picture/mona finished: success mona is there (0.0 s)",
        "run finished: electrician/joe success, picture/mona success",
    ]


def test_registration_order_never_matters() -> None:
    scores: list[Score[Any]] = [Thing("a"), Thing("b"), Picture("m"), Picture("n"), Electrician()]
    plans: set[str] = set()
    for seed in range(30):
        random.Random(seed).shuffle(scores)
        maestro = Maestro[Any](Room())
        maestro.register(*scores)
        plans.add(repr(maestro.plan()))
    assert len(plans) == 1


def test_independent_scores_run_concurrently() -> None:
    waits: list[Outcome | Exception] = [Outcome.running("…")] * 4
    room = Room({"a": waits.copy(), "b": waits.copy()})
    _, events = told_on(room, Thing("a"), Thing("b"))
    seconds = [event.seconds for event in events if isinstance(event, ScoreFinished)]
    alone = told_on(Room({"a": waits.copy()}), Thing("a"))[1][-2]
    assert isinstance(alone, ScoreFinished)
    assert seconds == [alone.seconds, alone.seconds]


@pytest.mark.parametrize(
    "waiting", [Outcome.running("r"), Outcome.queued("q"), Outcome.blocked("b")], ids=str
)
def test_asks_again_until_the_outcome_is_final(waiting: Outcome) -> None:
    room = Room({"a": [waiting] * 20})
    assert outcome_on(room, Thing("a")).status is Status.SUCCESS
    assert room.script["a"] == []


def test_a_change_in_an_earlier_pass_makes_it_a_success() -> None:
    assert outcome_on(Room({"a": [Outcome.running("…")]}), Thing("a")).status is Status.SUCCESS


@pytest.mark.parametrize("score", [Thing("a"), Electrician()], ids=str)
def test_second_run_is_noop_and_writes_nothing(score: Score[Any]) -> None:
    assert_idempotent(Room(), score)


def test_failure_is_final_and_leaves_others_alone() -> None:
    room = Room({"a": [Outcome.failure("broken")]})
    outcomes = outcomes_on(room, Thing("a"), Thing("b"))
    assert {key: (o.status, o.message) for key, o in outcomes.items()} == {
        "thing/a": (Status.FAILURE, "interpret: broken"),
        "thing/b": (Status.SUCCESS, "b is there"),
    }


@pytest.mark.parametrize("part", ["wiring", "fuse", "glow"])
def test_what_waits_for_a_failed_score_is_blocked_by_name(part: str) -> None:
    room = Room({part: [Outcome.failure("no current")]})
    outcomes = outcomes_on(room, Electrician(), Picture("mona"))
    assert outcomes["electrician/joe"].status is Status.FAILURE
    assert outcomes["picture/mona"] == Outcome.blocked(
        'needs Lamp, which Electrician "joe" provides, but that did not succeed'
    )
    assert "mona" not in room.things


def test_a_bug_is_its_scores_failure_and_no_one_elses() -> None:
    outcomes, events = told_on(Room({"a": [ProvisionerBug("impossible")]}), Thing("a"), Thing("b"))
    failed = outcomes["thing/a"]
    assert failed.message == "interpret: a bug of this product: ProvisionerBug: impossible"
    assert outcomes["thing/b"].status is Status.SUCCESS
    shown = [e for e in events if isinstance(e, ScoreChanged) and e.outcome.traceback]
    assert [event.outcome.traceback for event in shown] == [failed.traceback]


@pydantic.dataclasses.dataclass(frozen=True)
class Unmakeable(Thing):
    """Has no Interpret, though it should."""

    @override
    def interpret(self) -> Interpret[Any]:
        raise ZeroDivisionError("impossible")


def test_a_bug_in_making_an_interpret_is_its_scores_failure_too() -> None:
    outcomes = outcomes_on(Room(), Unmakeable("a"), Thing("b"))
    assert {key: one.status for key, one in outcomes.items()} == {
        "thing/a": Status.FAILURE,
        "thing/b": Status.SUCCESS,
    }


def test_a_bug_in_upkeep_is_told_once_and_upkeep_goes_on() -> None:
    time = VirtualTime()
    room = Room({"mona dusted": [ZeroDivisionError("impossible") for _ in range(3)]})
    maestro = Maestro[Any](room, sleep=time.sleep, clock=time.clock)
    maestro.register(Picture("mona"), Electrician())
    told: list[str] = []

    async def for_a_while() -> None:
        async with asyncio.TaskGroup() as group:
            task = group.create_task(
                maestro.run(lambda event: told.append(words(event)), keep=True)
            )
            while time.now < 60:  # noqa: ASYNC110 - virtual time
                await asyncio.sleep(0)
            task.cancel()

    asyncio.run(for_a_while())
    upkeep = [line for line in told if "upkeep" in line]
    assert upkeep == [
        "picture/mona upkeep: failure a bug of this product: ZeroDivisionError: impossible",
        "picture/mona upkeep: success mona dusted is there",
        "picture/mona upkeep: noop mona dusted is there",
    ]


def test_waits_for_the_topology() -> None:
    room = Room(readiness=[Outcome.running("sweeping"), Outcome.done("swept")])
    assert words(told_on(room, Thing("a"))[1][0]) == "topology: running sweeping"


def test_a_topology_that_fails_blocks_everything() -> None:
    room = Room(readiness=[Outcome.failure("no broom")])
    assert outcome_on(room, Thing("a")) == Outcome.blocked("the topology is not ready: no broom")
    assert room.writes == []


def test_refuses_what_cannot_be_carried_out_before_touching_anything() -> None:
    room = Room(readiness=[Outcome.failure("must not be asked")])
    maestro = Maestro[Any](room, kinds=[Electrician])
    maestro.register(Picture("mona"))
    with pytest.raises(RefusedDeclarationError) as caught:
        asyncio.run(maestro.run(lambda event: None))
    assert [finding.code for finding in caught.value.diagnostics] == ["HP0102"]
    assert room.readiness


def test_what_is_no_score_is_refused() -> None:
    maestro = Maestro[Any](Room())
    strangers: Any = ([Thing("a")], None)
    maestro.register(Thing("b"), *strangers)
    assert maestro.scores == (Thing("b"),)
    assert maestro.compile() == maestro.strangers
    assert [one.code for one in maestro.strangers] == ["HP0110", "HP0110"]


def test_upkeep_goes_on_until_cancelled() -> None:
    time, room = VirtualTime(), Room()
    maestro = Maestro[Any](room, sleep=time.sleep, clock=time.clock)
    maestro.register(Picture("mona"), Electrician())

    async def for_a_while() -> None:
        async with asyncio.TaskGroup() as group:
            task = group.create_task(maestro.run(lambda event: None, keep=True))
            while time.now < 60:
                await asyncio.sleep(0)
                room.things.discard("mona dusted")
            task.cancel()

    asyncio.run(for_a_while())
    assert 10 <= room.writes.count("mona dusted") <= 14


def test_a_kept_site_tries_again_what_did_not_succeed() -> None:
    """The provider fails twice, then an operator has mended it; what waits for it goes on too."""
    time = VirtualTime()
    room = Room({"wiring": [Outcome.failure("no current")] * 2})
    maestro = Maestro[Any](room, sleep=time.sleep, clock=time.clock)
    maestro.register(Thing("a"), Electrician(), NeedsLight("desk"))
    told: list[str] = []
    outcomes = asyncio.run(maestro.run(lambda event: told.append(words(event)), keep=True))
    assert all(outcome.status.good for outcome in outcomes.values())
    ends = [line for line in told if line.startswith("run finished")]
    assert [ends[0], ends[-1]] == [
        "run finished: electrician/joe failure, needs-light/desk blocked, thing/a success",
        "run finished: electrician/joe success, needs-light/desk success, thing/a success",
    ]
    assert 40 < time.now < 120


def test_what_waits_goes_on_as_soon_as_its_provider_is_there() -> None:
    """Not when its own pause is over, which has grown meanwhile."""
    time = VirtualTime()
    room = Room({"wiring": [Outcome.failure("no current")] * 6})
    maestro = Maestro[Any](room, sleep=time.sleep, clock=time.clock)
    maestro.register(Electrician(), NeedsLight("desk"))
    ends: list[tuple[str, float]] = []

    def note(event: Event) -> None:
        if isinstance(event, ScoreFinished) and event.outcome.status.good:
            ends.append((event.score.key(), time.now))

    asyncio.run(maestro.run(note, keep=True))
    (provider, there), (dependent, done) = ends
    assert (provider, dependent) == ("electrician/joe", "needs-light/desk")
    assert there > 360
    assert done == there


def test_a_kept_site_waits_for_a_topology_that_is_mended() -> None:
    time = VirtualTime()
    room = Room(readiness=[Outcome.failure("no broom"), Outcome.done("swept")])
    maestro = Maestro[Any](room, sleep=time.sleep, clock=time.clock)
    maestro.register(Thing("a"))
    outcomes = asyncio.run(maestro.run(lambda event: None, keep=True))
    assert outcomes["thing/a"].status is Status.SUCCESS


@pytest.mark.parametrize("killed_after", range(1, 12))
def test_killed_in_any_phase_it_goes_on(killed_after: int) -> None:
    """A second Maestro over the same world ends as an undisturbed one, writing nothing twice."""
    room = Room({name: [Outcome.running("…")] * 2 for name in ("wiring", "fuse", "mona")})
    scores = (Picture("mona"), Electrician(), Thing("a"))
    time, heard = VirtualTime(), 0

    def kill(event: Event) -> None:
        nonlocal heard
        heard += 1
        if heard == killed_after:
            raise KilledError

    maestro = Maestro[Any](room, sleep=time.sleep, clock=time.clock)
    maestro.register(*scores)
    with pytest.raises(BaseExceptionGroup):
        asyncio.run(maestro.run(kill))
    outcomes = outcomes_on(room, *scores)
    assert all(outcome.status.good for outcome in outcomes.values())
    assert sorted(room.writes) == ["a", "fuse", "glow", "mona", "wiring"]
