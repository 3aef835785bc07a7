"""How much of the machine a lab may use, and what kinds of host share it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from kvm.machine import Virtualization


class Role(StrEnum):
    """What a host will do, as far as it decides how much it needs."""

    CONTROL_PLANE = "control plane"
    WORKER = "worker"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Size:
    """What a virtual machine gets; `least_memory_mib` is what its role can't do without."""

    cpus: int
    memory_mib: int
    least_memory_mib: int


def _default_sizes() -> dict[Role, Size]:
    return {
        Role.CONTROL_PLANE: Size(cpus=2, memory_mib=3072, least_memory_mib=2048),
        Role.WORKER: Size(cpus=1, memory_mib=2048, least_memory_mib=1536),
        Role.PLAIN: Size(cpus=1, memory_mib=2048, least_memory_mib=1536),
    }


@dataclass(frozen=True, slots=True)
class Limits:
    """`memory_mib` is for all machines together, `cpus` and `machine_memory_mib` for each."""

    memory_mib: int
    cpus: int = 2
    machine_memory_mib: int = 8192
    sizes: Mapping[Role, Size] = field(default_factory=_default_sizes)

    @staticmethod
    def of_machine(cores: int, available_memory_mib: int, virtualization: Virtualization) -> Limits:
        """Three quarters of the memory that is free; a guest has no more CPUs than the machine has
        cores, and emulated ones no more than two (each waits for the others' memory accesses)."""
        emulated = virtualization is Virtualization.EMULATION
        cpus = min(cores, 2) if emulated else cores
        return Limits(memory_mib=available_memory_mib * 3 // 4, cpus=max(1, cpus))
