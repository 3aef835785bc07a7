"""Events that nobody waits for, among what is committed."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from provisioner.ports import ChangeLeases, Event, LogEvent, LoggedEvent
from provisioner.store.sqlite_store import SqliteStore
from tests.provisioner.protocol.boot.values import MAC
from tests.provisioner.store.test_sqlite_store import store

pytestmark = pytest.mark.unit


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state.sqlite3"


def test_what_is_logged_keeps_its_place_among_what_is_committed(path: Path) -> None:
    logged: list[LoggedEvent] = []

    async def live() -> None:
        async with store(path, logged) as kept:
            kept.log(Event(1.0, "First"))
            await kept.commit([LogEvent(Event(2.0, "Second"))])
            kept.log(Event(3.0, "Third"))
            await kept.commit([ChangeLeases("lan", ())])

    asyncio.run(live())
    assert [one.event.kind for one in logged[:2]] == ["First", "Second"]
    opened = SqliteStore(path)
    try:
        kinds = [one.event.kind for one in asyncio.run(opened.events(0, None, 10))]
    finally:
        opened.close()
    assert kinds == ["First", "Second", "Third"]


def test_events_are_written_as_lines_too(path: Path) -> None:
    lines: list[str] = []

    async def live() -> None:
        kept = SqliteStore(path, write_lines=lines.append)
        kept.start()
        kept.log(Event(1.0, "Counted", MAC, "cp1", {"number": 1, "words": 'a "word" — ü'}))
        kept.log(Event(2.0, "Counted", detail={"none": None}))
        kept.close()

    asyncio.run(live())
    assert [json.loads(line) for line in "\n".join(lines).split("\n")] == [
        {
            "seq": 1,
            "time": 1.0,
            "kind": "Counted",
            "mac": MAC,
            "host": "cp1",
            "detail": {"number": 1, "words": 'a "word" — ü'},
        },
        {
            "seq": 2,
            "time": 2.0,
            "kind": "Counted",
            "mac": None,
            "host": None,
            "detail": {"none": None},
        },
    ]


def test_who_reads_the_log_reads_what_was_logged_before(path: Path) -> None:
    async def live() -> list[str]:
        async with store(path) as kept:
            kept.log(Event(1.0, "First"))
            kept.log(Event(2.0, "Second"))
            return [one.event.kind for one in await kept.events(0, None, 10)]

    assert asyncio.run(live()) == ["First", "Second"]
