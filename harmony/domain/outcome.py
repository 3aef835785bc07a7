"""What came of a Score, and what came of one thing asked of a topology."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from inventory.diagnostic import Diagnostic


class Status(StrEnum):
    """SUCCESS, NOOP and FAILURE are final; the others mean "ask me again".

    RUNNING waits for the world, QUEUED for its turn, BLOCKED for something named that is not there.
    """

    SUCCESS = "success"
    NOOP = "noop"
    FAILURE = "failure"
    RUNNING = "running"
    QUEUED = "queued"
    BLOCKED = "blocked"

    @property
    def final(self) -> bool:
        return self in (Status.SUCCESS, Status.NOOP, Status.FAILURE)

    @property
    def good(self) -> bool:
        return self in (Status.SUCCESS, Status.NOOP)


@dataclass(frozen=True, slots=True)
class Change:
    """What one `ensure_…` did: `changed` is False if all was so already; `what` is for a person."""

    changed: bool
    what: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one pass of an Interpret came to. `changes` are what this pass did: a Score whose
    earlier pass changed something ends in SUCCESS although its last pass changed nothing. `traceback`
    is that of a bug which the pass met: whoever shows the Outcome shows it in full."""

    status: Status
    message: str = ""
    details: tuple[str, ...] = ()
    diagnostic: Diagnostic | None = None
    changes: tuple[Change, ...] = ()
    traceback: str = ""

    @property
    def changed(self) -> bool:
        return self.status is Status.SUCCESS or any(change.changed for change in self.changes)

    @classmethod
    def done(
        cls, message: str, changes: Iterable[Change] = (), details: tuple[str, ...] = ()
    ) -> Outcome:
        """SUCCESS if any of `changes` changed something, else NOOP."""
        kept = tuple(changes)
        changed = any(change.changed for change in kept)
        status = Status.SUCCESS if changed else Status.NOOP
        return cls(status, message, details, changes=kept)

    @classmethod
    def running(
        cls, waits_for: str, changes: Iterable[Change] = (), details: tuple[str, ...] = ()
    ) -> Outcome:
        """Not there yet: `waits_for` says what this pass stopped at."""
        return cls(Status.RUNNING, waits_for, details, changes=tuple(changes))

    @classmethod
    def failure(
        cls,
        message: str,
        details: tuple[str, ...] = (),
        diagnostic: Diagnostic | None = None,
        traceback: str = "",
    ) -> Outcome:
        return cls(Status.FAILURE, message, details, diagnostic, traceback=traceback)

    @classmethod
    def blocked(cls, waits_for: str) -> Outcome:
        return cls(Status.BLOCKED, waits_for)

    @classmethod
    def queued(cls, waits_for: str) -> Outcome:
        return cls(Status.QUEUED, waits_for)
