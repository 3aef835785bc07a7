"""Decides what DHCP messages of one network come to, and makes it durable, a batch at a time.

While the disk takes one batch the next is decided already, against what the batches before it will have
changed. Nothing of a batch is told, to a client or to the rest of the daemon, before it is durable. If one
can't be, those that were decided on the strength of it come to nothing either: their clients ask again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from provisioner.protocol.dhcp.decision import Answer, Decision
from provisioner.protocol.dhcp.engine import decide
from provisioner.protocol.dhcp.event import DhcpEvent
from provisioner.protocol.dhcp.lease import DurableChange, LeaseChange, LeaseTable, Offered
from provisioner.protocol.dhcp.link import Link
from provisioner.protocol.dhcp.message import Message
from provisioner.protocol.dhcp.narration import heard, outcome
from provisioner.serve.errors import LeasesNotCommitted
from provisioner.serve.faults import Faults

_MOST_UNDER_WAY = 2
_MOST_AHEAD = 4_096
"""Changes that decisions look through before the table has them."""


class LeaseStore(Protocol):
    """Where leases outlive the daemon."""

    async def commit(self, changes: Sequence[DurableChange]) -> None:
        """All or nothing, durable when it returns; in the order of the calls. Raises
        LeasesNotCommitted."""
        ...


@dataclass(slots=True, eq=False)
class Batch:
    """What one turn's messages come to. Events are kept back until what they tell has happened."""

    changes: list[LeaseChange] = field(default_factory=list[LeaseChange])
    answers: list[Answer] = field(default_factory=list[Answer])
    events: list[DhcpEvent] = field(default_factory=list[DhcpEvent])
    era: int = 0

    @property
    def durable(self) -> list[DurableChange]:
        return [change for change in self.changes if not isinstance(change, Offered)]

    def add(self, message: Message, decision: Decision) -> None:
        self.events.extend(heard(message, decision))
        self.events.extend(outcome(message, decision))
        if decision.lease_change is not None:
            self.changes.append(decision.lease_change)
        if isinstance(decision, Answer):
            self.answers.append(decision)


class LeasePipeline:
    """`link` is asked anew for every batch, so that reservations and the presence of foreign servers
    follow the daemon's state; `clock` gives epoch seconds."""

    def __init__(
        self,
        *,
        link: Callable[[], Link],
        leases: LeaseTable,
        store: LeaseStore,
        clock: Callable[[], float],
        faults: Faults,
    ) -> None:
        self._link = link
        self._leases = leases
        self._store = store
        self._clock = clock
        self._faults = faults
        self._draft: LeaseTable | None = None
        self._ahead = 0
        self._under_way = 0
        self._era = 0  # ends when a batch could not be committed
        self._done = asyncio.Event()

    def decide(self, messages: Iterable[Message]) -> Batch:
        """What the messages come to. A bug costs one message."""
        if self._draft is None or self._under_way == 0:
            self._draft, self._ahead = self._leases.draft(), 0
        batch, draft = Batch(era=self._era), self._draft
        link, now = self._link(), self._clock()
        for message in messages:
            try:
                decision = decide(message, link, draft, now)
                batch.add(message, decision)
                if decision.lease_change is not None:
                    draft.apply(decision.lease_change)
            except Exception as fault:
                self._faults.tell(fault)
        self._ahead += len(batch.changes)
        return batch

    async def commit(self, batch: Batch) -> None:
        """Returns once everything of the batch is durable and known. Raises LeasesNotCommitted."""
        durable = batch.durable
        if durable:
            self._under_way += 1
            try:
                await self._store.commit(durable)
            except LeasesNotCommitted:
                self._begin_anew(batch)
                raise
            finally:
                self._under_way -= 1
                self._done.set()
        if batch.era != self._era:
            raise LeasesNotCommitted("what it was decided on could not be committed")
        for change in batch.changes:
            self._leases.apply(change)

    async def ready(self) -> None:
        """Returns when the next batch may be decided: not too far ahead of the disk."""
        while self._under_way >= _MOST_UNDER_WAY or (self._under_way and self._ahead > _MOST_AHEAD):
            self._done.clear()
            await self._done.wait()

    def _begin_anew(self, failed: Batch) -> None:
        if failed.era == self._era:
            self._era += 1
            self._draft = None
            self._leases.discard()
