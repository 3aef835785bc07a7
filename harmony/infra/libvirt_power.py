"""`PowerControl` on libvirt: the power buttons of virtual machines called like their hosts."""

from __future__ import annotations

import asyncio
from typing import Protocol

from typing_extensions import override

from harmony.domain.capability.power_control import (
    PowerCondition,
    PowerControl,
    PowerQuery,
    PowerSpec,
    PowerState,
)
from harmony.domain.outcome import Change


class PowerButtons(Protocol):
    """What is asked of `kvm.host.LibvirtHost` or `kvm.lab.lab.Lab`; all of it blocks."""

    def start(self, name: str) -> bool: ...
    def stop(self, name: str) -> bool: ...
    def is_running(self, name: str) -> bool | None: ...


class LibvirtPower(PowerControl):
    """Machines are switched on one after the other, `seconds_between_starts` apart: firmware and
    network boot of many at once take longer than in turn. Raises HypervisorFailed of `kvm`."""

    def __init__(self, buttons: PowerButtons, seconds_between_starts: float) -> None:
        self._buttons = buttons
        self._pause = seconds_between_starts
        self._turn = asyncio.Lock()
        self._next_start = 0.0

    @override
    async def ensure_power(self, spec: PowerSpec) -> Change:
        name = spec.host.name
        if spec.state is PowerState.OFF:
            changed = await asyncio.to_thread(self._buttons.stop, name)
        elif await asyncio.to_thread(self._buttons.is_running, name):
            changed = False
        else:
            changed = await self._start_in_turn(name)
        return Change(changed, f"{name} is {'switched' if changed else 'already'} {spec.state}")

    @override
    async def observe_power(self, query: PowerQuery) -> PowerCondition:
        name = query.host.name
        running = await asyncio.to_thread(self._buttons.is_running, name)
        if running is None:
            return PowerCondition(name, PowerState.UNKNOWN, f"{name} to be defined")
        return PowerCondition(name, PowerState.ON if running else PowerState.OFF)

    async def _start_in_turn(self, name: str) -> bool:
        clock = asyncio.get_running_loop().time
        async with self._turn:
            await asyncio.sleep(max(0.0, self._next_start - clock()))
            changed = await asyncio.to_thread(self._buttons.start, name)
            if changed:
                self._next_start = clock() + self._pause
        return changed
