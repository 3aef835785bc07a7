"""PowerControl of a real site: each host by the way that its declaration names."""

from __future__ import annotations

from typing import assert_never

from typing_extensions import override

from harmony.domain.capability.power_control import (
    PowerCondition,
    PowerControl,
    PowerQuery,
    PowerSpec,
)
from harmony.domain.outcome import Change
from inventory.host import Host, OperatorAtTheRack, WakeOnLan


class DeclaredPower(PowerControl):
    """One adapter for each way; a host's `bmc` chooses."""

    def __init__(self, wake_on_lan: PowerControl, operator: PowerControl) -> None:
        self._wake_on_lan = wake_on_lan
        self._operator = operator

    @override
    async def ensure_power(self, spec: PowerSpec) -> Change:
        return await self._of(spec.host).ensure_power(spec)

    @override
    async def observe_power(self, query: PowerQuery) -> PowerCondition:
        return await self._of(query.host).observe_power(query)

    def _of(self, host: Host) -> PowerControl:
        match host.bmc:
            case WakeOnLan():
                return self._wake_on_lan
            case OperatorAtTheRack():
                return self._operator
            case _:
                assert_never(host.bmc)
