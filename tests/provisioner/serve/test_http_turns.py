from __future__ import annotations

import asyncio
import contextlib
import socket
from collections import Counter
from collections.abc import Awaitable, Callable

import pytest

from provisioner.serve.http_turns import READS, WRITES, Turns

pytestmark = pytest.mark.protocol


def play(story: Callable[[Turns, list[socket.socket]], Awaitable[None]], count: int) -> None:
    """With sockets that can all be written to, each the end of a pair; none is watched yet."""

    async def played(turns: Turns, ours: list[socket.socket]) -> None:
        turns.begin()
        try:
            await story(turns, ours)
        finally:
            turns.end()

    with contextlib.ExitStack() as stack:
        pairs = [socket.socketpair() for _ in range(count)]
        for one, other in pairs:
            stack.enter_context(one)
            stack.enter_context(other)
            one.setblocking(False)
        asyncio.run(played(Turns(), [one for one, _ in pairs]))


def test_a_few_are_served_each_time_the_loop_comes_by_and_nobody_is_forgotten() -> None:
    async def story(turns: Turns, ours: list[socket.socket]) -> None:
        served: Counter[int] = Counter()
        for each in ours:
            number = each.fileno()

            def ready(_: int, number: int = number) -> None:
                served[number] += 1

            turns.watch(number, WRITES, ready)
        most = 0
        for _ in range(70):
            before = served.total()
            await asyncio.sleep(0)
            most = max(most, served.total() - before)
        assert most == 16
        assert len(served) == 100
        assert max(served.values()) - min(served.values()) <= 1

    play(story, 100)


def test_only_what_is_watched_for_is_told() -> None:
    async def story(turns: Turns, ours: list[socket.socket]) -> None:
        told: list[int] = []
        turns.watch(ours[0].fileno(), READS, told.append)
        await asyncio.sleep(0.01)
        assert told == []
        turns.watch(ours[0].fileno(), READS | WRITES, told.append)
        await asyncio.sleep(0.01)
        assert set(told) == {WRITES}
        turns.forget(ours[0].fileno())
        turns.forget(ours[0].fileno())
        told.clear()
        await asyncio.sleep(0.01)
        assert told == []

    play(story, 1)


def test_a_broken_connection_is_ready_for_both() -> None:
    async def story(turns: Turns, ours: list[socket.socket]) -> None:
        told: list[int] = []
        turns.watch(ours[0].fileno(), READS, told.append)
        ours[0].shutdown(socket.SHUT_RDWR)
        await asyncio.sleep(0.01)
        assert set(told) == {READS | WRITES}

    play(story, 1)


def test_who_was_forgotten_in_the_same_turn_is_not_called() -> None:
    async def story(turns: Turns, ours: list[socket.socket]) -> None:
        told: list[int] = []

        def first(_: int) -> None:
            for each in ours:
                turns.forget(each.fileno())
            told.append(1)

        for each in ours:
            turns.watch(each.fileno(), WRITES, first)
        await asyncio.sleep(0.01)
        assert told == [1]

    play(story, 5)
