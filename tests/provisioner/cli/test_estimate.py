from __future__ import annotations

from pathlib import Path

import pytest

from kvm.machine import Virtualization
from provisioner.cli.estimate import estimate, seconds_to_build
from provisioner.images.builders import builder

pytestmark = pytest.mark.unit

KVM, EMULATION = Virtualization.KVM, Virtualization.EMULATION


@pytest.mark.parametrize(
    ("virtualization", "cluster", "building", "slowness", "words"),
    [
        (EMULATION, True, 0.0, 1.0, "expect about 8 min (all images are there)"),
        (EMULATION, False, 0.0, 2.0, "expect about 4 min (all images are there)"),
        (KVM, True, 300.0, 1.0, "expect about 8 min (images that are still to be built)"),
        (KVM, False, 0.0, 1.0, "expect about 1 min (all images are there)"),
    ],
)
def test_minutes(
    virtualization: Virtualization, cluster: bool, building: float, slowness: float, words: str
) -> None:
    told = estimate(virtualization, cluster=cluster, building=building, slowness=slowness)
    assert told == words


def test_what_is_not_there_is_to_be_built(tmp_path: Path) -> None:
    names = ("boot-programs", "ramdisk")
    whole = sum(sum(builder(name).reference.values()) for name in names)
    assert seconds_to_build(names, tmp_path) == whole > 0
