"""A real daemon, started, joined, started again, stopped, refused."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import signal
import sqlite3
import traceback
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from harmony.infra.daemon_client import DaemonClient
from inventory.errors import OperatorError
from provisioner.cli.admin import Admin
from provisioner.cli.daemon_keeper import DaemonKeeper, serving_pid, why_it_ended
from tests.built_boot_programs import boot_programs

pytestmark = pytest.mark.protocol


class Command:
    """One command's view of the daemon of `folder`/state, and what it said to the person."""

    def __init__(self, folder: Path) -> None:
        self.state, self.log = folder / "state", folder / "daemon.log"
        self.said: list[str] = []
        self.client = DaemonClient(self.state / "admin.sock")
        self.daemon = DaemonKeeper(
            self.state, boot_programs(), self.log, self.client.answers, self.said.append
        )

    async def pid(self) -> int:
        """Of the daemon that answers."""
        found: int = (await self.client.get("/v1/status"))["pid"]
        return found

    async def until_it_answers(self) -> None:
        while not await self.client.answers():  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.05)


async def holds_the_state(state: Path, starting: asyncio.Task[None]) -> None:
    """Returns when a daemon has the lock, answering or not, or when its start has come to an end."""
    while serving_pid(state) is None and not starting.done():  # noqa: ASYNC110 - another process
        await asyncio.sleep(0.01)


@contextlib.asynccontextmanager
async def commands(folder: Path, count: int = 1) -> AsyncGenerator[list[Command]]:
    """Several, one after another on the same state; no daemon is left."""
    made = [Command(folder) for _ in range(count)]
    try:
        yield made
    finally:
        for command in made:
            await command.daemon.stop()
            await command.client.close()


def test_a_state_deeper_than_a_sockets_path_may_be(tmp_path: Path) -> None:
    folder = tmp_path / ("deep" * 25) / ("deeper" * 20)

    async def run() -> None:
        async with commands(folder, 2) as (first, second):
            assert not await first.client.answers()
            folder.mkdir(parents=True)
            await first.daemon.ensure_serving()
            await second.daemon.ensure_serving()
            status = await asyncio.to_thread(Admin(first.state / "admin.sock").status)
            assert await first.pid() == await second.pid() == status["pid"]

    asyncio.run(run())


def test_one_starts_it_the_next_joins_it(tmp_path: Path) -> None:
    async def run() -> None:
        async with commands(tmp_path, 2) as (first, second):
            await first.daemon.ensure_serving()
            await second.daemon.ensure_serving()
            assert await first.pid() == await second.pid() == serving_pid(first.state)
            joined = f"joined the daemon that already serves {first.state}"
            assert (first.said, second.said) == ([], [joined])

            await second.daemon.stop_own()  # it isn't: nothing happens
            assert await second.client.answers()
            await second.daemon.stop()
            assert serving_pid(first.state) is None
            assert not await first.client.answers()

    asyncio.run(run())


def test_one_that_is_just_starting_is_waited_for(tmp_path: Path) -> None:
    async def run() -> None:
        async with commands(tmp_path, 2) as (first, second):
            async with asyncio.TaskGroup() as group:
                starting = group.create_task(first.daemon.ensure_serving())
                await holds_the_state(first.state, starting)
                await second.daemon.ensure_serving()
            assert await first.pid() == await second.pid()

    asyncio.run(run())


def test_it_is_started_again_when_it_dies(tmp_path: Path) -> None:
    async def run() -> None:
        async with commands(tmp_path, 2) as (first, second):
            await first.daemon.ensure_serving()
            before = await first.pid()
            await second.daemon.ensure_serving()
            async with asyncio.TaskGroup() as group:
                keeping = group.create_task(second.daemon.keep())
                os.kill(before, signal.SIGKILL)
                await second.until_it_answers()
                keeping.cancel()
            assert await second.pid() != before
            assert second.said[1:] == ["the daemon that was joined has ended; starting it again"]

    asyncio.run(run())


def test_its_refusal_is_the_one_line_that_a_person_sees(tmp_path: Path) -> None:
    async def run() -> str:
        async with commands(tmp_path) as (command,):
            await command.daemon.ensure_serving()
            await command.daemon.stop()
            with contextlib.closing(sqlite3.connect(command.state / "state.sqlite3")) as database:
                database.execute("PRAGMA user_version = 999")
            command.log.write_bytes(b"provisioner: words of long ago\n" + command.log.read_bytes())
            with pytest.raises(OperatorError) as refused:
                await command.daemon.ensure_serving()
            return str(refused.value)

    words = asyncio.run(run())
    assert "999" in words
    assert not words.startswith("provisioner: ")
    assert "\n" not in words


def test_the_end_of_a_group_of_exceptions_is_the_last_of_its_words(tmp_path: Path) -> None:
    group = ExceptionGroup("tasks", [OSError("no descriptors are left")])
    said = "".join(traceback.format_exception(group))
    assert said.rstrip().endswith("+------------------------------------")
    log = tmp_path / "log"
    words = f"the daemon broke: OSError: no descriptors are left; its log is {log}"
    assert str(why_it_ended(said, log)) == words
    assert str(why_it_ended("", log)) == f"the daemon broke: it said nothing; its log is {log}"


def test_a_number_left_in_the_lock_is_nobody(tmp_path: Path) -> None:
    assert serving_pid(tmp_path) is None
    (tmp_path / "lock").write_text(str(os.getpid()))
    assert serving_pid(tmp_path) is None
    with (tmp_path / "lock").open("r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert serving_pid(tmp_path) == os.getpid()
