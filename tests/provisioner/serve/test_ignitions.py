from __future__ import annotations

import asyncio

import pytest

from inventory.contribution import Contribution, Installation
from inventory.machine_state import MachineState
from provisioner.ports import EraseIgnitions, Ignition, KeepIgnition
from provisioner.protocol.boot.desired import ignition_digest, masked
from provisioner.serve.ignitions import erased, kept_anew
from tests.provisioner.protocol.boot.values import IMAGE
from tests.provisioner.serve.world import IGNITION, World

pytestmark = pytest.mark.unit

WISH = Contribution("x", installations=(Installation("cp1", IMAGE, IGNITION),))
KEPT = KeepIgnition(Ignition("cp1", ignition_digest(IGNITION), IGNITION))


def test_a_config_is_kept_once_and_not_for_a_machine_that_is_ready() -> None:
    async def story() -> None:
        world = await World().open()
        await world.reported()
        assert kept_anew(world.memory, WISH) == [KEPT]
        world.force(MachineState.READY)
        assert kept_anew(world.memory, WISH) == []
        world.force(MachineState.ASSIGNED)
        world.memory.apply([KEPT])
        assert kept_anew(world.memory, WISH) == []

    asyncio.run(story())


def test_a_config_that_nobody_names_is_erased() -> None:
    async def story() -> None:
        world = await World().open()
        assert erased(world.memory, None, WISH) == []
        world.memory.apply([KEPT])
        assert erased(world.memory, masked(WISH), WISH) == []
        assert erased(world.memory, masked(WISH), None) == [EraseIgnitions("cp1", ())]
        other = Contribution("x", installations=(Installation("cp1", IMAGE, "other"),))
        assert erased(world.memory, masked(WISH), other) == [
            EraseIgnitions("cp1", (ignition_digest("other"),))
        ]

    asyncio.run(story())
