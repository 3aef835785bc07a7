from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import pytest
from typing_extensions import override

from harmony.domain.capability.power_control import (
    PowerCondition,
    PowerControl,
    PowerQuery,
    PowerSpec,
    PowerState,
)
from harmony.domain.outcome import Change
from harmony.infra.declared_power import DeclaredPower
from inventory.host import Host, OperatorAtTheRack, WakeOnLan

pytestmark = pytest.mark.unit

ASLEEP, DARK = Host("asleep", bmc=WakeOnLan()), Host("dark", bmc=OperatorAtTheRack())


@dataclass
class Asked(PowerControl):
    hosts: list[str] = field(default_factory=list[str])

    @override
    async def ensure_power(self, spec: PowerSpec) -> Change:
        self.hosts.append(f"{spec.state} {spec.host.name}")
        return Change(True)

    @override
    async def observe_power(self, query: PowerQuery) -> PowerCondition:
        self.hosts.append(f"? {query.host.name}")
        return PowerCondition(query.host.name, PowerState.ON)


def test_each_host_by_its_own_way() -> None:
    waking, operator = Asked(), Asked()
    power = DeclaredPower(waking, operator)
    for host in (ASLEEP, DARK):
        asyncio.run(power.ensure_power(PowerSpec(host, PowerState.ON)))
        asyncio.run(power.observe_power(PowerQuery(host)))
    assert waking.hosts == ["on asleep", "? asleep"]
    assert operator.hosts == ["on dark", "? dark"]
