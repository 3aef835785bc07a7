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
from harmony.infra.libvirt_power import LibvirtPower
from inventory.host import Host

pytestmark = pytest.mark.unit

CP1, W1, W2 = Host("cp1"), Host("w1"), Host("w2")


@dataclass
class Buttons:
    """Machines that are off, unless named; `seen` is what was done to them."""

    running: dict[str, bool | None] = field(default_factory=dict[str, bool | None])
    seen: list[str] = field(default_factory=list[str])
    starting: int = 0

    def start(self, name: str) -> bool:
        self.starting += 1
        assert self.starting == 1, "two machines were started at once"
        self.seen.append(f"start {name}")
        changed = not self.running.get(name)
        self.running[name] = True
        self.starting -= 1
        return changed

    def stop(self, name: str) -> bool:
        self.seen.append(f"stop {name}")
        changed = bool(self.running.get(name))
        self.running[name] = False
        return changed

    def is_running(self, name: str) -> bool | None:
        return self.running.get(name, False)


def on(power: PowerControl, host: Host) -> Change:
    return asyncio.run(power.ensure_power(PowerSpec(host, PowerState.ON)))


def off(power: PowerControl, host: Host) -> Change:
    return asyncio.run(power.ensure_power(PowerSpec(host, PowerState.OFF)))


def test_what_is_so_already_is_no_change() -> None:
    buttons = Buttons()
    power = LibvirtPower(buttons, seconds_between_starts=0.0)
    assert off(power, CP1) == Change(False, "cp1 is already off")
    assert on(power, CP1) == Change(True, "cp1 is switched on")
    assert on(power, CP1) == Change(False, "cp1 is already on")
    assert off(power, CP1) == Change(True, "cp1 is switched off")
    assert buttons.seen == ["stop cp1", "start cp1", "stop cp1"]


def test_what_is_observed() -> None:
    power = LibvirtPower(Buttons({"cp1": True, "w1": False, "w2": None}), 0.0)

    def observed(host: Host) -> PowerCondition:
        return asyncio.run(power.observe_power(PowerQuery(host)))

    assert observed(CP1) == PowerCondition("cp1", PowerState.ON)
    assert observed(W1) == PowerCondition("w1", PowerState.OFF)
    assert observed(W2) == PowerCondition("w2", PowerState.UNKNOWN, "w2 to be defined")


def test_a_machine_not_yet_defined_is_started() -> None:
    buttons = Buttons({"w1": None})
    assert on(LibvirtPower(buttons, 0.0), W1).changed
    assert buttons.seen == ["start w1"]


def test_starts_are_apart_and_one_after_the_other() -> None:
    buttons = Buttons()

    async def all_on() -> float:
        clock = asyncio.get_running_loop().time
        power = LibvirtPower(buttons, seconds_between_starts=0.02)
        began = clock()
        specs = (PowerSpec(host, PowerState.ON) for host in (CP1, W1, W2))
        changes = await asyncio.gather(*map(power.ensure_power, specs))
        assert all(change.changed for change in changes)
        return clock() - began

    assert asyncio.run(all_on()) >= 0.04
    assert sorted(buttons.seen) == ["start cp1", "start w1", "start w2"]


def test_what_was_on_by_itself_costs_the_next_one_no_pause() -> None:
    """It came on between the question and the button: nothing boots because of us."""

    @dataclass
    class Late(Buttons):
        @override
        def is_running(self, name: str) -> bool | None:
            return False

    async def both_on() -> float:
        clock = asyncio.get_running_loop().time
        power = LibvirtPower(Late({"cp1": True}), seconds_between_starts=3600.0)
        began = clock()
        assert not (await power.ensure_power(PowerSpec(CP1, PowerState.ON))).changed
        assert (await power.ensure_power(PowerSpec(W1, PowerState.ON))).changed
        return clock() - began

    assert asyncio.run(both_on()) < 3600.0
