"""The boot log's edge: every step goes to the store, and once it is durable to whoever listens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

from provisioner.ports import Event, EventsOf, LoggedEvent, Store

_LISTENER_BACKLOG = 10_000
_PAGE = 1000


class EventLog:
    """`logged` is what the store calls after each commit."""

    def __init__(self) -> None:
        self._store: Store | None = None
        self._listeners: set[asyncio.Queue[LoggedEvent]] = set()

    def attach(self, store: Store) -> None:
        self._store = store

    def append(self, event: Event) -> None:
        """Log a step that nothing depends on: it shares the next commit, and nobody waits for
        it."""
        assert self._store is not None, "attach() comes first"
        self._store.log(event)

    def logged(self, events: Sequence[LoggedEvent]) -> None:
        """The events are durable: tell those who listen. One who doesn't keep up is dropped."""
        if not self._listeners:
            return
        for event in events:
            for listener in tuple(self._listeners):
                try:
                    listener.put_nowait(event)
                except asyncio.QueueFull:
                    self._listeners.discard(listener)

    async def read(self, after: int, of: EventsOf | None, limit: int) -> tuple[LoggedEvent, ...]:
        """At most `limit` stored events above `after`, oldest first."""
        assert self._store is not None, "attach() comes first"
        return await self._store.events(after, of, limit)

    async def follow(self, after: int) -> AsyncIterator[LoggedEvent]:
        """Every event above `after`, stored ones first, then as they come; ends if it can't keep
        up."""
        live: asyncio.Queue[LoggedEvent] = asyncio.Queue(_LISTENER_BACKLOG)
        self._listeners.add(live)
        try:
            while page := await self.read(after, None, _PAGE):
                for event in page:
                    yield event
                after = page[-1].seq
            while live in self._listeners or not live.empty():
                event = await live.get()
                if event.seq > after:
                    after = event.seq
                    yield event
        finally:
            self._listeners.discard(live)
