from __future__ import annotations

import pytest

from harmony.domain.event import RunFinished, ScoreChanged, ScoreFinished, ScoreStarted, Stage
from harmony.domain.outcome import Outcome
from provisioner.cli.score_words import ScoreWords
from tests.harmony.scripted import Thing

pytestmark = pytest.mark.unit

VASE, BOWL = Thing("vase"), Thing("bowl")


def changed(words: str, *details: str, stage: Stage = Stage.INTERPRET) -> ScoreChanged:
    return ScoreChanged(VASE, stage, Outcome.running(words, details=details))


def test_what_was_never_said_before_is_news() -> None:
    words = ScoreWords()
    found: list[int] = []
    for event in (
        ScoreStarted(VASE),
        changed("no water", "the tap is shut"),
        changed("no flowers"),
        changed("no water", "the tap is open"),
        changed("no flowers"),
        changed("no water", stage=Stage.SMOKE_TEST),
        ScoreFinished(VASE, Outcome.done("there"), 1.0),
    ):
        words.hear(event)
        found.append(words.news)
    assert found == [1, 2, 3, 3, 3, 4, 5]


def test_the_last_words_of_those_that_are_not_finished() -> None:
    words = ScoreWords()
    words.hear(ScoreChanged(BOWL, Stage.INTERPRET, Outcome.running("no fruit")))
    words.hear(changed("no flowers"))
    words.hear(changed("no water", "the tap is shut", stage=Stage.READINESS))
    words.hear(ScoreFinished(BOWL, Outcome.done("there"), 1.0))
    words.hear(ScoreChanged(BOWL, Stage.UPKEEP, Outcome.running("dusty")))
    words.hear(RunFinished({}))
    assert words.unfinished() == {'Thing "vase"': ("readiness: no water", "the tap is shut")}
