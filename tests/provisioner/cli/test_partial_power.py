"""Some hosts have power, the others stay off."""

from __future__ import annotations

import asyncio

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
from inventory.host import Host
from provisioner.cli.partial_power import PartialPower

pytestmark = pytest.mark.unit


class Power(PowerControl):
    def __init__(self) -> None:
        self.switched: list[str] = []

    @override
    async def ensure_power(self, spec: PowerSpec) -> Change:
        self.switched.append(spec.host.name)
        return Change(True)

    @override
    async def observe_power(self, query: PowerQuery) -> PowerCondition:
        return PowerCondition(query.host.name, PowerState.ON)


def test_a_host_that_is_not_rehearsed_stays_off() -> None:
    power = Power()
    partial = PartialPower(power, ["w1"])

    async def seen(name: str) -> tuple[bool, PowerState]:
        host = Host(name)
        change = await partial.ensure_power(PowerSpec(host, PowerState.ON))
        return change.changed, (await partial.observe_power(PowerQuery(host))).state

    assert asyncio.run(seen("w1")) == (True, PowerState.ON)
    assert asyncio.run(seen("w2")) == (False, PowerState.OFF)
    assert power.switched == ["w1"]
