from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable
from ipaddress import IPv4Address

import pytest

from provisioner.serve.http_desk import HttpDesk, HttpLimits
from provisioner.serve.http_message import Answer, Handler, Reply, Request, text

pytestmark = pytest.mark.unit

REQUEST = Request("GET", "/", {}, {}, b"", IPv4Address(1), IPv4Address(2))
FAULT = text(500, "this is a fault of the provisioner, which has logged it")


def desk(answer: Handler = lambda _: Reply(200)) -> HttpDesk:
    return HttpDesk(answer, lambda: 0.0, lambda _: None, lambda _: None, HttpLimits())


def test_the_date_is_of_the_second() -> None:
    one = desk()
    assert one.date(0.9) == "Thu, 01 Jan 1970 00:00:00 GMT"
    assert one.date(1.0) == "Thu, 01 Jan 1970 00:00:01 GMT"
    assert one.date(1.9) is one.date(1.1)


def test_a_bug_in_an_answer_is_told_and_is_an_answer(capfd: pytest.CaptureFixture[str]) -> None:
    def at_once(_: Request) -> Answer:
        raise RuntimeError("at once")

    async def late() -> Answer:
        raise RuntimeError("late")

    assert desk(at_once).ask(REQUEST) == FAULT
    answer: Answer | Awaitable[Answer] = desk(lambda _: late()).ask(REQUEST)
    assert not isinstance(answer, Reply)
    assert asyncio.run(awaited(answer)) == FAULT
    told = capfd.readouterr().err
    assert "RuntimeError: at once" in told
    assert "RuntimeError: late" in told


async def awaited(answer: Answer | Awaitable[Answer]) -> Answer:
    assert isinstance(answer, Awaitable)
    return await desk().awaited(answer)


def test_readings_that_are_cancelled_go_to_their_end_or_let_go() -> None:
    async def story() -> list[bool]:
        one, done, let = desk(), list[bool](), threading.Event()
        begun = threading.Semaphore(0)

        def reading(wanted: bool) -> None:
            if wanted:
                begun.release()
                let.wait(10)
            done.append(wanted)

        async with asyncio.TaskGroup() as tasks:
            readings = [tasks.create_task(one.read(reading)) for _ in range(6)]
            for _ in range(4):  # so many at once
                assert await asyncio.to_thread(begun.acquire, timeout=10)
            for each in readings[1:]:
                each.cancel()
            await asyncio.sleep(0)
            let.set()
        await one.read(reading)
        one.turns.begin()
        one.close()
        return done

    assert sorted(asyncio.run(story())) == [False, False, True, True, True, True, True]
