"""Patience: the first guess scales with the machine, what is learned replaces it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from provisioner.cli.patience import (
    LONGEST_SILENCE,
    MARGIN,
    REFERENCE_SECONDS,
    SCORES_SECONDS,
    Patience,
    calibrate,
)

pytestmark = pytest.mark.unit

ALONE = MARGIN * LONGEST_SILENCE["emulation"]


def clock(*times: float) -> Iterator[float]:
    return iter(times)


@pytest.mark.parametrize(
    ("took", "slowness"), [(REFERENCE_SECONDS / 2, 1.0), (REFERENCE_SECONDS * 4, 4.0)]
)
def test_a_slower_machine_is_given_more_time(took: float, slowness: float) -> None:
    times = clock(10.0, 10.0 + took)
    assert calibrate(lambda: next(times)) == pytest.approx(slowness)


@pytest.mark.parametrize(
    ("slowness", "crowd", "limit"),
    [(1.0, 0.5, ALONE), (1.0, 2.0, 2 * ALONE), (3.0, 2.0, 6 * ALONE)],
)
def test_the_first_guess(slowness: float, crowd: float, limit: float) -> None:
    assert Patience("emulation", slowness, crowd).limit() == limit


@pytest.mark.parametrize(
    ("acceleration", "slowness", "crowd", "limit"),
    [
        ("kvm", 1.0, 1.0, SCORES_SECONDS),
        ("kvm", 2.0, 1.0, 2 * SCORES_SECONDS),
        ("emulation", 1.0, 2.0, 2 * ALONE),
    ],
)
def test_scores_have_some_minutes_on_the_fastest_machine(
    acceleration: str, slowness: float, crowd: float, limit: float
) -> None:
    patience = Patience(acceleration, slowness, crowd)
    assert patience.scores_limit() == limit
    assert not patience.scores_exhausted(5_000.0)
    assert not patience.scores_exhausted(5_000.0 + limit)
    assert patience.scores_exhausted(5_001.0 + limit)
    patience.hear_scores(9_000.0)
    assert not patience.scores_exhausted(9_000.0 + limit)
    assert patience.scores_limit() == limit


def test_a_silence_that_ended_well_teaches() -> None:
    patience = Patience("emulation", 1.0, 1.0)
    patience.hear("w1", 0.0)
    patience.hear("w1", 1_000.0)
    assert patience.limit() == MARGIN * 1_000.0


def test_a_host_never_heard_of_is_given_its_time_too() -> None:
    patience = Patience("emulation", 1.0, 1.0)
    assert not patience.exhausted("w1", 5_000.0)
    assert not patience.exhausted("w1", 5_000.0 + ALONE)
    assert patience.exhausted("w1", 5_001.0 + ALONE)
