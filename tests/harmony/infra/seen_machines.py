"""InstalledMachines by hand: machines are as the test says they were seen."""

from __future__ import annotations

from typing_extensions import override

from harmony.domain.capability.installed_machines import (
    InstallationsSpec,
    InstalledMachines,
    MachineCondition,
    MachineQuery,
)
from harmony.domain.outcome import Change
from inventory.machine_state import MachineState


class SeenMachines(InstalledMachines):
    def __init__(self) -> None:
        self.states: dict[str, MachineState] = {}
        self.silent: set[str] = set()

    @override
    async def ensure_installations(self, spec: InstallationsSpec) -> Change:
        raise NotImplementedError

    @override
    async def observe_machines(self, query: MachineQuery) -> tuple[MachineCondition, ...]:
        return tuple(
            MachineCondition(name, self.states.get(name), silent=name in self.silent)
            for name in query.hosts
        )
