"""The store: one thread writes, and what arrives while it writes shares the next commit."""

from __future__ import annotations

import asyncio
import contextlib
import queue
import sqlite3
import threading
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from provisioner.ports import (
    Change,
    EraseIgnitions,
    Event,
    EventsOf,
    LogEvent,
    LoggedEvent,
    Remembered,
    StoreFailed,
)
from provisioner.store import sql
from provisioner.store.database import open_database, open_for_reading, overwrite_erased
from provisioner.store.rows import lines_of_events, read_all, read_events, write, write_events

KEPT_EVENTS = 500_000
_LOGGED_AFTER = 0.05
"""Seconds that an event may wait for others: each write costs a flush of the disk."""
_PRUNED_EVERY = 1_000
_OVERWRITTEN_AGAIN_AFTER = 1.0
"""Seconds."""


@dataclass(frozen=True, slots=True)
class _Group:
    """What one caller wants committed together, and where its answer goes; events that were logged
    have nobody who waits for one."""

    changes: tuple[Change, ...]
    answer: asyncio.Future[None] | None
    loop: asyncio.AbstractEventLoop


_Outcome: TypeAlias = Exception | tuple[Event, ...]
"""Of a group: why it was refused, or the events in it."""


class SqliteStore:
    """SQLite behind `ports.Store`. After the commit that made them durable, in order of commit,
    `on_logged` gets the events in the event loop, and `write_lines` the same as lines of JSON in the
    writer's thread."""

    def __init__(
        self,
        path: Path,
        on_logged: Callable[[Sequence[LoggedEvent]], None] = lambda _: None,
        kept_events: int = KEPT_EVENTS,
        write_lines: Callable[[str], None] | None = None,
    ) -> None:
        """Raises DatabaseUnusable."""
        self._path = path
        self._on_logged = on_logged
        self._write_lines = write_lines
        self._kept_events = kept_events
        self._unpruned = 0
        self._to_overwrite = True  # whoever was killed before it could
        self._database = open_database(path)
        self._unwritten: list[Change] = []
        self._passed_on = 0  # groups of logged events that the writer still has
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting: queue.SimpleQueue[_Group | None] = queue.SimpleQueue()
        self._writer = threading.Thread(target=self._write, name="store", daemon=True)
        self._reader: sqlite3.Connection | None = None
        self._reading = threading.Lock()

    def remembered(self) -> Remembered:
        """To be called before `start`."""
        return read_all(self._database)

    def start(self) -> None:
        """Start the writer thread."""
        self._database.execute(sql.PRUNE_EVENTS, (self._kept_events,))
        self._writer.start()

    def commit(self, changes: Sequence[Change]) -> Awaitable[None]:
        """See `ports.Store.commit`. To be called in the event loop."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[None] = loop.create_future()
        answer.add_done_callback(_seen)
        if any(isinstance(change, LogEvent) for change in changes):
            self._pass_on(loop)
        self._waiting.put(_Group(tuple(changes), answer, loop))
        return answer

    def log(self, event: Event) -> None:
        """See `ports.Store.log`. To be called in the event loop."""
        if not self._unwritten:
            loop = self._loop = asyncio.get_running_loop()
            loop.call_later(_LOGGED_AFTER, self._pass_on, loop)
        self._unwritten.append(LogEvent(event))

    def _pass_on(self, loop: asyncio.AbstractEventLoop) -> None:
        """Give the writer what was logged."""
        if self._unwritten:
            self._waiting.put(_Group(tuple(self._unwritten), None, loop))
            self._unwritten = []
            self._passed_on += 1

    async def events(self, after: int, of: EventsOf | None, limit: int) -> tuple[LoggedEvent, ...]:
        """See `ports.Store.events`."""
        if self._unwritten or self._passed_on:
            with contextlib.suppress(StoreFailed):  # then there is nothing more to read
                self._pass_on(asyncio.get_running_loop())
                await self.commit(())
        return await asyncio.to_thread(self._read_events, after, of, limit)

    def close(self) -> None:
        """Commit what was given, then close."""
        if self._writer.is_alive():
            if self._loop is not None:
                self._pass_on(self._loop)
            self._waiting.put(None)
            self._writer.join()
        with self._reading:
            if self._reader is not None:
                self._reader.close()
        self._database.close()

    def _read_events(self, after: int, of: EventsOf | None, limit: int) -> tuple[LoggedEvent, ...]:
        with self._reading:
            if self._reader is None:
                self._reader = open_for_reading(self._path)
            return read_events(self._reader, after, of, limit)

    def _write(self) -> None:
        while True:
            groups, closing = self._next()
            if groups:
                self._commit(groups)
            if self._to_overwrite:
                self._to_overwrite = not overwrite_erased(self._database)
            if closing:
                return

    def _next(self) -> tuple[list[_Group], bool]:
        """Everything that waits, once there is something or erased bytes are to be overwritten; whether
        it was the last."""
        groups: list[_Group] = []
        try:
            group = self._waiting.get(timeout=self._patience())
            while group is not None:
                groups.append(group)
                group = self._waiting.get_nowait()
        except queue.Empty:
            return groups, False
        return groups, True

    def _patience(self) -> float | None:
        return _OVERWRITTEN_AGAIN_AFTER if self._to_overwrite else None

    def _commit(self, groups: list[_Group]) -> None:
        logged: tuple[LoggedEvent, ...] = ()
        try:
            self._database.execute("BEGIN IMMEDIATE")
            outcomes = [self._write_group(group.changes) for group in groups]
            kept = [one for outcome in outcomes if isinstance(outcome, tuple) for one in outcome]
            logged = write_events(self._database, kept)
            self._prune(len(logged))
            self._database.execute("COMMIT")
        except Exception as error:  # whoever asked must hear of it, or it waits for ever
            if self._database.in_transaction:
                self._database.execute("ROLLBACK")
            known = isinstance(error, sqlite3.Error)
            refused = StoreFailed(f"the database refused a commit: {error}") if known else error
            outcomes, logged = [refused] * len(groups), ()
        self._to_overwrite |= any(
            isinstance(one, EraseIgnitions) for group in groups for one in group.changes
        )
        groups[0].loop.call_soon_threadsafe(self._answer, groups, outcomes, logged)
        if logged and self._write_lines is not None:
            self._write_lines(lines_of_events(self._database, logged[0].seq))

    def _write_group(self, changes: tuple[Change, ...]) -> _Outcome:
        """One group's changes, but its events, which are returned; if one of them is refused, none of
        the group's are kept."""
        events = tuple(change.event for change in changes if isinstance(change, LogEvent))
        if len(events) == len(changes):
            return events
        self._database.execute("SAVEPOINT one")
        try:
            for change in changes:
                if not isinstance(change, LogEvent):
                    write(self._database, change)
        except sqlite3.IntegrityError as error:
            self._database.execute("ROLLBACK TO one")
            self._database.execute("RELEASE one")
            return StoreFailed(f"the database refused a change: {error}")
        self._database.execute("RELEASE one")
        return events

    def _prune(self, logged: int) -> None:
        """Now and then, the oldest events go."""
        self._unpruned += logged
        if self._unpruned >= _PRUNED_EVERY:
            self._database.execute(sql.PRUNE_EVENTS, (self._kept_events,))
            self._unpruned = 0

    def _answer(
        self,
        groups: list[_Group],
        outcomes: Sequence[_Outcome],
        logged: tuple[LoggedEvent, ...],
    ) -> None:
        for group, outcome in zip(groups, outcomes, strict=True):
            if group.answer is None:
                self._passed_on -= 1
                continue
            if group.answer.done():
                continue
            if isinstance(outcome, Exception):
                group.answer.set_exception(outcome)
            else:
                group.answer.set_result(None)
        if logged:
            self._on_logged(logged)


def _seen(answer: asyncio.Future[None]) -> None:
    """A failed commit that nobody awaits is no error of the event loop."""
    if not answer.cancelled():
        answer.exception()
