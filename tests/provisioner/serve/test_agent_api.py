"""The agent's order, which is held back while there is none; all it says is in test_machine_api.py."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from provisioner.agent.messages import Progress
from tests.provisioner.protocol.boot.values import REPORT
from tests.provisioner.serve.world import World, document

pytestmark = pytest.mark.unit


def play(story: Callable[[World], Awaitable[None]]) -> None:
    async def played() -> None:
        await story(await World().open())

    asyncio.run(played())


def test_an_order_is_held_back_until_there_is_one(tmp_path: Path) -> None:
    async def story(world: World) -> None:
        token = (await world.reported()).token
        async with asyncio.TaskGroup() as tasks:
            asking = tasks.create_task(world.ask("GET", "/agent/order", token=token))
            await asyncio.sleep(0.05)
            assert not asking.done()
            await world.put_files(tmp_path, "cp1")
        assert document(asking.result())["kind"] == "install"

    play(story)


def test_what_an_agent_never_says_is_not_there() -> None:
    async def story(world: World) -> None:
        token = (await world.machine()).token
        for method, path in (("POST", "/agent/order"), ("GET", "/agent/report"), ("GET", "/agent")):
            answer = await world.ask(method, path, token=token)
            assert (answer.status, answer.body) == (404, b"there is nothing like that here\n")

    play(story)


def test_a_report_is_answered_with_the_time() -> None:
    async def story(world: World) -> None:
        token = (await world.machine()).token
        answer = await world.ask("POST", "/agent/report", token=token, body=REPORT)
        assert document(answer) == {"server_time": world.now}
        progress = Progress("no order", "image", 1, 2)
        answer = await world.ask("POST", "/agent/progress", token=token, body=progress)
        assert answer.status == 409

    play(story)
