from __future__ import annotations

import pytest

from kvm.lab.limits import Limits, Role
from kvm.machine import Virtualization

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    "cores, virtualization, cpus",
    [
        (1, Virtualization.EMULATION, 1),
        (16, Virtualization.EMULATION, 2),
        (16, Virtualization.KVM, 16),
        (0, Virtualization.KVM, 1),
    ],
)
def test_what_a_machine_can_give(cores: int, virtualization: Virtualization, cpus: int) -> None:
    limits = Limits.of_machine(cores, 10_001, virtualization)
    assert (limits.memory_mib, limits.cpus) == (7500, cpus)


def test_every_role_has_a_size_that_it_can_live_with() -> None:
    sizes = Limits(1024).sizes
    assert set(sizes) == set(Role)
    assert all(size.least_memory_mib <= size.memory_mib for size in sizes.values())
