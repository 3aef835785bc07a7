"""LabSite: the same site on virtual machines; what `provisioner rehearse` runs on."""

from __future__ import annotations

from typing_extensions import override

from harmony.domain.capability.virtual_machine_host import (
    AbsentVirtualMachine,
    VirtualMachine,
    VirtualMachineHost,
    VirtualMachineQuery,
    VirtualMachineSpec,
)
from harmony.domain.outcome import Change
from harmony.topologies.served_site import ServedSite, SiteAdapters


class LabSite(ServedSite, VirtualMachineHost):
    """Beyond a real site it can make machines."""

    kind = "lab of site"

    def __init__(self, adapters: SiteAdapters, machines: VirtualMachineHost) -> None:
        super().__init__(adapters)
        self._machines = machines

    @override
    async def ensure_virtual_machine(self, spec: VirtualMachineSpec) -> Change:
        return await self._machines.ensure_virtual_machine(spec)

    @override
    async def ensure_absent_virtual_machine(self, spec: AbsentVirtualMachine) -> Change:
        return await self._machines.ensure_absent_virtual_machine(spec)

    @override
    async def observe_virtual_machines(
        self, query: VirtualMachineQuery
    ) -> tuple[VirtualMachine, ...]:
        return await self._machines.observe_virtual_machines(query)
