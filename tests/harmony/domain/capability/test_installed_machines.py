from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from harmony.domain.capability.installed_machines import (
    LastOrder,
    MachineCondition,
    older_installations,
)
from inventory.contribution import Artifact, Installation
from inventory.machine_state import MachineState

pytestmark = pytest.mark.unit

IMAGE = Artifact("node-image", "ab", 1, "/cache/node-image")
WANTED = Installation("w1", IMAGE, "{}")
RUNS = MachineCondition(
    "w1",
    MachineState.READY,
    order=LastOrder(1.0, "ab", hashlib.sha256(b"{}").hexdigest()),
)
NEWER_CONFIG = replace(WANTED, ignition="{ }")
NEWER_IMAGE = replace(WANTED, image=replace(IMAGE, sha256="cd"))


def words(condition: MachineCondition, wanted: Installation) -> list[str]:
    return [one.partition(":")[0] for one in older_installations([condition], [wanted])]


def test_what_a_machine_runs_is_held_against_what_is_wanted() -> None:
    assert words(RUNS, WANTED) == []
    assert words(RUNS, NEWER_CONFIG) == ["w1 runs an older config"]
    assert words(RUNS, NEWER_IMAGE) == ["w1 runs an older image"]
    assert older_installations([RUNS], [NEWER_CONFIG]) == (
        "w1 runs an older config: `provisioner hosts reinstall w1` brings the new one",
    )


@pytest.mark.parametrize("state", [None, *MachineState])
def test_only_what_is_on_a_disk_can_be_older(state: MachineState | None) -> None:
    found = words(replace(RUNS, state=state), NEWER_CONFIG)
    assert bool(found) == (state in (MachineState.INSTALLED, MachineState.READY))


def test_an_unknown_order_is_not_called_older() -> None:
    assert words(replace(RUNS, order=None), NEWER_CONFIG) == []
