from __future__ import annotations

import math
import os
import struct
from pathlib import Path

import pytest

from provisioner.serve.tftp_attention import Attention, WakefulCores

pytestmark = pytest.mark.unit


def spells(eager: float, calm: float, count: int) -> list[bool]:
    """Whether each spell was eager, on a machine where it takes so long."""
    attention, ways = Attention(), list[bool]()
    for _ in range(count):
        ways.append(attention.eager)
        took = eager if attention.eager else calm
        attention.spell(took if took <= attention.limit else math.inf)
    return ways


def test_the_faster_way_has_most_spells() -> None:
    assert spells(eager=10, calm=20, count=320).count(True) > 300
    assert spells(eager=20, calm=10, count=320).count(True) < 5


def test_a_core_is_not_taken_for_nothing() -> None:
    assert spells(eager=9.8, calm=10, count=320).count(True) < 5


def test_each_round_begins_with_a_trial() -> None:
    assert spells(10, 20, 35) == [False, *[True] * 31, False, True, True]


def test_trials_in_vain_become_rare() -> None:
    ways = spells(20, 10, 4000)
    assert [at for at, eager in enumerate(ways) if eager] == [1, 65, 193, 449, 961, 1985, 3009]


def test_a_spell_that_turns_slow_is_the_last_eager_one() -> None:
    attention = Attention()
    for took in (10, 5, 5):
        attention.spell(took)
    assert (attention.eager, attention.limit) == (True, 10)
    attention.spell(math.inf)
    assert (attention.eager, attention.limit) == (False, math.inf)


def test_cores_are_kept_awake_while_the_device_is_open(tmp_path: Path) -> None:
    device = tmp_path / "latency"
    device.touch()
    cores = WakefulCores(str(device))
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208
    cores.let_sleep()
    cores.keep_awake()
    cores.keep_awake()
    assert device.read_bytes() == struct.pack("i", 0)
    assert len(os.listdir("/proc/self/fd")) == before + 1  # noqa: PTH208
    cores.let_sleep()
    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208


def test_without_the_device_nothing_is_lost(tmp_path: Path) -> None:
    cores = WakefulCores(str(tmp_path / "missing"))
    cores.keep_awake()
    cores.let_sleep()
