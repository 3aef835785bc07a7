"""How long a rehearsal will take, once it is known what its machines run on."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from kvm.machine import Virtualization
from provisioner.images.builders import builder
from provisioner.images.cache import Cache

_MACHINES = {
    Virtualization.EMULATION: (2.0, 8.0),
    Virtualization.KVM: (1.0, 3.0),
}
"""Minutes from power-on to the end, alone and as a cluster of three, on the machine that `patience`
compares with. Emulation's are measured; with KVM a guest's own work nearly vanishes, waits remain."""


def estimate(
    virtualization: Virtualization, *, cluster: bool, building: float, slowness: float
) -> str:
    """In words. `building` is the seconds that the images take which are not there, on the machine
    that this one is `slowness` times slower than."""
    minutes = (_MACHINES[virtualization][cluster] + building / 60) * slowness
    what = "images that are still to be built" if building else "all images are there"
    return f"expect about {max(1, round(minutes))} min ({what})"


def seconds_to_build(
    names: Iterable[str], cache: Path, kubernetes_binaries: Path | None = None
) -> float:
    """What those of `names` take that `cache` has not, on that machine."""
    builders = (builder(name, kubernetes_binaries) for name in names)
    return sum(
        sum(one.reference.values()) for one in builders if Cache(cache).find(one.recipe) is None
    )
