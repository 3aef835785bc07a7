"""What is told of a crowd."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bench.storm.crowd import Spread, outcome, spread
from bench.storm.dhcp_line import WAITS, Leased
from bench.storm.loop import Loop
from bench.storm.machine import Machine, Step
from bench.storm.message import Stage

pytestmark = pytest.mark.protocol


class Silent:
    """A wire on which nobody answers."""

    def exchange(
        self, number: int, stage: Stage, done: Callable[[Leased], None], failed: Callable[[], None]
    ) -> None:
        """Nothing comes of it."""


def test_who_booted_and_who_did_not_is_counted() -> None:
    loop = Loop()
    machines = [Machine(number, loop, Silent(), lambda: None) for number in range(4)]
    for at, machine in enumerate(machines):
        machine.took = {Step.PXE_DHCP: 0.1 * at, Step.IPXE_DHCP: 1.0 + at}
        machine.tries = 4
    machines[3].gave_up = "TFTP: no answer"
    told = outcome(machines, 9.0, 2.0)
    assert (told.machines, told.booted, told.gave_up) == (4, 3, {"TFTP: no answer": 1})
    assert (told.seconds, told.own_cpu_seconds, told.tries) == (9.0, 2.0, 1.0)
    assert (told.dhcp.p99, told.dhcp.most) == (4.0, 4.0)
    assert told.steps["tftp"] == Spread(0.0, 0.0, 0.0)


def test_a_spread_is_of_values_there_were() -> None:
    assert spread([3.0, 1.0, 2.0]) == Spread(2.0, 3.0, 3.0)


def test_firmware_waits_as_pxe_says() -> None:
    assert WAITS == (4.0, 8.0, 16.0, 32.0)
