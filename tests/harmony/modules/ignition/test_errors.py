from __future__ import annotations

import pytest

from harmony.modules.ignition.errors import ConfigRefused, LayersRefused
from harmony.modules.ignition.problem import Problem

pytestmark = pytest.mark.unit

PROBLEMS = (Problem(("a",), "is wrong", ("HostNetwork",)), Problem(("b",), "is too"))


def test_layers_are_refused_with_all_that_is_wrong() -> None:
    assert str(LayersRefused(PROBLEMS)) == (
        "this Ignition config would not boot:\n  a: is wrong (from HostNetwork)\n  b: is too"
    )


def test_a_file_is_refused_by_its_name() -> None:
    assert str(ConfigRefused("master.ign", PROBLEMS[1:])) == (
        "master.ign is not an Ignition config that is read here:\n  b: is too"
    )
