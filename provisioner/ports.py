"""What the daemon needs from outside: a store that forgets nothing, and what it keeps.

Desired (contributions) and observed (machines, leases, events) never mix. A change is a value; the
changes given together are committed together or not at all.
"""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from inventory.contribution import Contribution
from inventory.errors import HarmonyError
from provisioner.protocol.boot.machine import InstallOrder, Machine
from provisioner.protocol.dhcp.lease import Declined, DurableChange, Lease

Scalar: TypeAlias = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Event:
    """One step that was taken. `kind` is past tense; `time` epoch seconds; `mac` is the one on the wire."""

    time: float
    kind: str
    mac: str | None = None
    host: str | None = None
    detail: Mapping[str, Scalar] = field(default_factory=dict[str, Scalar])


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """An event as the store keeps it; `seq` grows by order of commit and is never used twice."""

    seq: int
    event: Event


@dataclass(frozen=True, slots=True)
class EventsOf:
    """The events of a host: those logged under its name, and those of its machine's cards from
    before anybody knew what it was."""

    host: str
    macs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredContribution:
    """A contribution with its secrets masked, and the digest of what was put, secrets and all."""

    contribution: Contribution
    etag: str


@dataclass(frozen=True, slots=True)
class Ignition:
    """A host's Ignition config: secret, kept until the machine that was installed with it is ready."""

    host: str
    sha256: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PutContribution:
    stored: StoredContribution
    at: float


@dataclass(frozen=True, slots=True)
class DeleteContribution:
    owner: str


@dataclass(frozen=True, slots=True)
class KeepIgnition:
    ignition: Ignition


@dataclass(frozen=True, slots=True)
class EraseIgnitions:
    """Erase the host's configs except those with a digest in `but`; soon after the commit, as soon as
    nobody reads, the bytes are overwritten."""

    host: str
    but: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SaveMachine:
    machine: Machine


@dataclass(frozen=True, slots=True)
class ForgetMachine:
    """A machine that was only ever heard."""

    mac: str


@dataclass(frozen=True, slots=True)
class AddOrder:
    """Orders are a log: one is added before it is sent, and never changed."""

    order: InstallOrder


@dataclass(frozen=True, slots=True)
class ChangeLeases:
    network: str
    changes: tuple[DurableChange, ...]


@dataclass(frozen=True, slots=True)
class LogEvent:
    event: Event


Change: TypeAlias = (
    PutContribution
    | DeleteContribution
    | KeepIgnition
    | EraseIgnitions
    | SaveMachine
    | ForgetMachine
    | AddOrder
    | ChangeLeases
    | LogEvent
)


@dataclass(frozen=True, slots=True)
class NetworkLeases:
    """What is on record for one network."""

    leases: tuple[Lease, ...] = ()
    declined: tuple[Declined, ...] = ()


@dataclass(frozen=True, slots=True)
class Remembered:
    """Everything but the events, as it was at the last commit."""

    contributions: tuple[StoredContribution, ...] = ()
    ignitions: tuple[Ignition, ...] = ()
    machines: tuple[Machine, ...] = ()
    leases: Mapping[str, NetworkLeases] = field(default_factory=dict[str, NetworkLeases])


class StoreFailed(HarmonyError):
    """A commit failed (disk full, I/O error): who asked for it acts as if it had never been asked."""


class Store(Protocol):
    """Where everything outlives the daemon."""

    def remembered(self) -> Remembered:
        """Read at start, before anything is served."""
        ...

    def commit(self, changes: Sequence[Change]) -> Awaitable[None]:
        """All or nothing, durable when it is awaited; in the order of the calls, awaited or not.

        Raises StoreFailed.
        """
        ...

    def log(self, event: Event) -> None:
        """Keep an event that nothing depends on, in the order of the calls of `log` and `commit`: soon,
        and without telling anybody whether it could be kept."""
        ...

    async def events(self, after: int, of: EventsOf | None, limit: int) -> tuple[LoggedEvent, ...]:
        """At most `limit` events with a `seq` above `after`, oldest first, all that was logged before
        among them; `of` None means all."""
        ...
