"""The operator at the rack as a power adapter: says what to press, and sees that it was done."""

from __future__ import annotations

from typing_extensions import override

from harmony.domain.capability.installed_machines import InstalledMachines, MachineQuery
from harmony.domain.capability.power_control import (
    PowerCondition,
    PowerControl,
    PowerQuery,
    PowerSpec,
    PowerState,
)
from harmony.domain.outcome import Change
from inventory.host import Host


class OperatorPower(PowerControl):
    """Nothing is switched by it: a person is asked to, in the words of `observe_power`, until the
    machine's first packet has been heard, and again when it falls silent."""

    def __init__(self, machines: InstalledMachines) -> None:
        self._machines = machines

    @override
    async def ensure_power(self, spec: PowerSpec) -> Change:
        return Change(False, f"the operator switches {spec.host.name} {spec.state}")

    @override
    async def observe_power(self, query: PowerQuery) -> PowerCondition:
        host = query.host
        found = await self._machines.observe_machines(MachineQuery((host.name,)))
        seen = [one for one in found if one.state is not None]
        if any(not one.silent for one in seen):
            return PowerCondition(host.name, PowerState.ON)
        silence = ", if it is off: nothing is heard of it any more" if seen else ""
        words = f"press power on {rack_words(host)}{silence}"
        return PowerCondition(host.name, PowerState.UNKNOWN, words)


def rack_words(host: Host) -> str:
    """Where the host is, for someone who stands in front of it: `w1, rack A, bay 4`."""
    words = [host.name]
    if host.rack:
        words.append(f"rack {host.rack}")
    if host.bay:
        words.append(f"bay {host.bay}")
    return ", ".join(words)
