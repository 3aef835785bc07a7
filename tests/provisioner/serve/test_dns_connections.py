from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable

import pytest

from provisioner.serve.dns_connections import DnsConnections
from provisioner.serve.faults import Faults

pytestmark = pytest.mark.protocol

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def backwards(query: bytes, peer: str) -> bytes | None:
    """The answer to anything is itself, backwards; to `bug` there is none, and to nothing neither."""
    assert peer == "127.0.0.1"
    if query == b"bug":
        raise KeyError("a bug")
    return query[::-1] or None


class World:
    def __init__(self, port: int) -> None:
        self._port = port
        self.open: list[Streams] = []

    async def connect(self) -> Streams:
        streams = await asyncio.open_connection("127.0.0.1", self._port)
        self.open.append(streams)
        return streams


def run(story: Callable[[World], Awaitable[None]]) -> None:
    async def told() -> None:
        with socket.create_server(("127.0.0.1", 0), backlog=256) as listening:
            listening.setblocking(False)
            world = World(listening.getsockname()[1])
            async with asyncio.TaskGroup() as tasks:
                served = DnsConnections(listening, backwards, Faults())
                serving = tasks.create_task(served.serve())
                await story(world)
                for _, writer in world.open:
                    writer.close()
                serving.cancel()

    asyncio.run(told())


def asked(streams: Streams, *queries: bytes) -> None:
    streams[1].writelines(len(query).to_bytes(2) + query for query in queries)


async def answered(streams: Streams) -> bytes:
    """The next answer; nothing if the connection was closed."""
    async with asyncio.timeout(20):
        try:
            length = int.from_bytes(await streams[0].readexactly(2))
            return await streams[0].readexactly(length)
        except (asyncio.IncompleteReadError, ConnectionError):
            return b""


def test_queries_are_answered_one_after_another_until_one_is_none() -> None:
    async def story(world: World) -> None:
        streams = await world.connect()
        asked(streams, b"abc", b"de", b"")
        assert [await answered(streams) for _ in range(3)] == [b"cba", b"ed", b""]

    run(story)


def test_those_that_say_nothing_make_room_for_others_the_most_silent_first() -> None:
    async def story(world: World) -> None:
        busy = await world.connect()
        silent = [await world.connect() for _ in range(127)]
        for streams in (busy, *silent[1:]):
            asked(streams, b"abc")
            assert await answered(streams) == b"cba"
        late = await world.connect()
        asked(late, b"abc")
        assert await answered(late) == b"cba"
        assert await answered(silent[0]) == b"", "it never said anything"
        asked(busy, b"abc")
        assert await answered(busy) == b"cba"

    run(story)


def test_a_bug_costs_one_connection(capfd: pytest.CaptureFixture[str]) -> None:
    async def story(world: World) -> None:
        broken, other = await world.connect(), await world.connect()
        asked(broken, b"bug")
        assert await answered(broken) == b""
        asked(other, b"abc")
        assert await answered(other) == b"cba"

    run(story)
    assert "a bug" in capfd.readouterr().err


def test_a_client_that_goes_in_the_middle_of_a_query_is_no_matter() -> None:
    async def story(world: World) -> None:
        gone, other = await world.connect(), await world.connect()
        gone[1].write(b"\0\5ab")
        await gone[1].drain()
        gone[1].close()
        asked(other, b"abc")
        assert await answered(other) == b"cba"

    run(story)
