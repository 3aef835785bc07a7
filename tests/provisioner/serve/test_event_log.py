from __future__ import annotations

import asyncio

import pytest

from provisioner.ports import Event, LoggedEvent
from provisioner.serve.event_log import EventLog
from tests.provisioner.serve.world import MemoryStore

pytestmark = pytest.mark.unit


def test_a_follower_gets_what_was_stored_and_then_what_comes_each_once() -> None:
    async def story() -> list[int]:
        log, store = EventLog(), MemoryStore()
        log.attach(store)
        for number in range(3):
            log.append(Event(float(number), "Counted"))
        seen: list[int] = []
        async with asyncio.timeout(5):
            async for one in log.follow(1):
                seen.append(one.seq)
                if one.seq == 3:
                    log.logged([one, LoggedEvent(4, Event(3.0, "Counted"))])
                if one.seq == 4:
                    break
        return seen

    assert asyncio.run(story()) == [2, 3, 4]
