"""The store: one thread writes, and what arrives while it writes shares the next commit."""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from provisioner.ports import Change, EraseIgnitions, EventsOf, LoggedEvent, Remembered, StoreFailed
from provisioner.store import sql
from provisioner.store.database import open_database, open_for_reading, overwrite_erased
from provisioner.store.rows import read_all, read_events, write

KEPT_EVENTS = 500_000
_PRUNED_EVERY = 1_000
_OVERWRITTEN_AGAIN_AFTER = 1.0
"""Seconds."""


@dataclass(frozen=True, slots=True)
class _Group:
    """What one caller wants committed together, and where its answer goes."""

    changes: tuple[Change, ...]
    answer: asyncio.Future[None]
    loop: asyncio.AbstractEventLoop


class SqliteStore:
    """SQLite behind `ports.Store`. `on_logged` is called in the event loop, in order of commit, after
    the commit that made the events durable."""

    def __init__(
        self,
        path: Path,
        on_logged: Callable[[Sequence[LoggedEvent]], None] = lambda _: None,
        kept_events: int = KEPT_EVENTS,
    ) -> None:
        """Raises DatabaseUnusable."""
        self._path = path
        self._on_logged = on_logged
        self._kept_events = kept_events
        self._unpruned = 0
        self._to_overwrite = True  # whoever was killed before it could
        self._database = open_database(path)
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
        self._waiting.put(_Group(tuple(changes), answer, loop))
        return answer

    async def events(self, after: int, of: EventsOf | None, limit: int) -> tuple[LoggedEvent, ...]:
        """See `ports.Store.events`."""
        return await asyncio.to_thread(self._read_events, after, of, limit)

    def close(self) -> None:
        """Commit what was given, then close."""
        if self._writer.is_alive():
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
        outcomes: list[Exception | tuple[LoggedEvent, ...]] = []
        try:
            self._database.execute("BEGIN IMMEDIATE")
            outcomes = [self._write_group(group.changes) for group in groups]
            self._prune(outcomes)
            self._database.execute("COMMIT")
        except Exception as error:  # whoever asked must hear of it, or it waits for ever
            if self._database.in_transaction:
                self._database.execute("ROLLBACK")
            known = isinstance(error, sqlite3.Error)
            refused = StoreFailed(f"the database refused a commit: {error}") if known else error
            outcomes = [refused] * len(groups)
        for group, outcome in zip(groups, outcomes, strict=True):
            group.loop.call_soon_threadsafe(self._answer, group.answer, outcome)
            self._to_overwrite |= any(isinstance(one, EraseIgnitions) for one in group.changes)

    def _write_group(self, changes: tuple[Change, ...]) -> Exception | tuple[LoggedEvent, ...]:
        """One group's changes; if one of them is refused, none of the group's are kept."""
        self._database.execute("SAVEPOINT one")
        try:
            written = [write(self._database, change) for change in changes]
        except sqlite3.IntegrityError as error:
            self._database.execute("ROLLBACK TO one")
            self._database.execute("RELEASE one")
            return StoreFailed(f"the database refused a change: {error}")
        self._database.execute("RELEASE one")
        return tuple(event for event in written if event is not None)

    def _prune(self, outcomes: Sequence[Exception | tuple[LoggedEvent, ...]]) -> None:
        """Now and then, the oldest events go."""
        self._unpruned += sum(len(one) for one in outcomes if isinstance(one, tuple))
        if self._unpruned >= _PRUNED_EVERY:
            self._database.execute(sql.PRUNE_EVENTS, (self._kept_events,))
            self._unpruned = 0

    def _answer(
        self, answer: asyncio.Future[None], outcome: Exception | tuple[LoggedEvent, ...]
    ) -> None:
        if isinstance(outcome, Exception):
            if not answer.done():
                answer.set_exception(outcome)
            return
        if not answer.done():
            answer.set_result(None)
        if outcome:
            self._on_logged(outcome)


def _seen(answer: asyncio.Future[None]) -> None:
    """A failed commit that nobody awaits is no error of the event loop."""
    if not answer.cancelled():
        answer.exception()
