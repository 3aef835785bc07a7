"""`PowerControl` over some of the hosts: a Score's other hosts stay off, as if nobody had come by."""

from __future__ import annotations

from collections.abc import Iterable

from typing_extensions import override

from harmony.domain.capability.power_control import (
    PowerCondition,
    PowerControl,
    PowerQuery,
    PowerSpec,
    PowerState,
)
from harmony.domain.outcome import Change


class PartialPower(PowerControl):
    """`power` switches the hosts called `names`. Whoever waits for another one waits."""

    def __init__(self, power: PowerControl, names: Iterable[str]) -> None:
        self._power = power
        self._names = frozenset(names)

    @override
    async def ensure_power(self, spec: PowerSpec) -> Change:
        if spec.host.name in self._names:
            return await self._power.ensure_power(spec)
        return Change(False, f"{spec.host.name} is not rehearsed")

    @override
    async def observe_power(self, query: PowerQuery) -> PowerCondition:
        if query.host.name in self._names:
            return await self._power.observe_power(query)
        return PowerCondition(query.host.name, PowerState.OFF)
