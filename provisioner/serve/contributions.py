"""Takes contributions in: judged whole against all the others, then committed, then served."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass

from inventory.codes import Code
from inventory.contribution import Contribution
from inventory.diagnostic import Diagnostic
from inventory.machine_state import MachineState
from provisioner.ports import (
    Change,
    DeleteContribution,
    Event,
    LogEvent,
    PutContribution,
    Store,
    StoredContribution,
)
from provisioner.protocol.boot.desired import (
    Desired,
    artifacts_of,
    collisions,
    invalid_records,
    masked,
    merge,
)
from provisioner.serve.artifact_file import problem_of
from provisioner.serve.errors import ContributionRefused, NoSuchThing
from provisioner.serve.ignitions import erased, kept_anew
from provisioner.serve.ledger import Ledger
from provisioner.serve.memory import Memory


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a new merge needs is ready (sockets bound): exactly one of the two follows."""

    put_in_force: Callable[[], None]
    abandon: Callable[[], None]


Prepare = Callable[[Desired], Awaitable[Prepared]]
"""Raises an OperatorError, and nothing has changed."""


@dataclass(frozen=True, slots=True)
class PutOutcome:
    """`etag` is the digest of the document as it was put, secrets and all."""

    changed: bool
    etag: str


class Contributions:
    def __init__(self, ledger: Ledger, store: Store, prepare: Prepare) -> None:
        self._ledger = ledger
        self._memory = ledger.memory
        self._store = store
        self._prepare = prepare
        self._changing = asyncio.Lock()

    async def put(self, contribution: Contribution, etag: str) -> PutOutcome:
        """Replace the owner's contribution, and drop those that it leaves no place for. Raises
        ContributionRefused, or what `prepare` raises."""
        async with self._changing:
            owner = contribution.owner
            before = self._memory.contributions.get(owner)
            dropped = _without_place(self._memory, contribution)
            if before is not None and before.etag == etag and not dropped:
                _judge([], contribution)
                if anew := kept_anew(self._memory, contribution):
                    await self._commit(anew)
                return PutOutcome(changed=False, etag=etag)
            stored = StoredContribution(masked(contribution), etag)
            together = [*self._but({owner, *dropped}), stored.contribution]
            _judge(together, contribution)
            prepared = await self._prepare(merge(together))
            now = self._ledger.now()
            event = Event(now, "ContributionPut", detail={"owner": owner, "etag": etag})
            was = None if before is None else before.contribution
            changes: list[Change] = [
                *(change for one in dropped for change in self._deletion(one)),
                PutContribution(stored, now),
                *erased(self._memory, was, contribution),
                *kept_anew(self._memory, contribution),
                LogEvent(event),
            ]
            await self._commit(changes, prepared)
            for one in dropped:
                del self._memory.contributions[one]
            self._memory.contributions[owner] = stored
            await self._serve(prepared)
            return PutOutcome(changed=True, etag=etag)

    async def delete(self, owner: str) -> None:
        """Take the owner's contribution back. Raises NoSuchThing."""
        async with self._changing:
            if owner not in self._memory.contributions:
                raise NoSuchThing(f"there is no contribution of {owner!r}")
            prepared = await self._prepare(merge(self._but({owner})))
            await self._commit(self._deletion(owner), prepared)
            del self._memory.contributions[owner]
            await self._serve(prepared)

    def etags(self) -> dict[str, str]:
        """The digest of every owner's document."""
        return {owner: stored.etag for owner, stored in self._memory.contributions.items()}

    def _but(self, owners: Collection[str]) -> list[Contribution]:
        stored = self._memory.contributions.items()
        return [one.contribution for key, one in stored if key not in owners]

    def _deletion(self, owner: str) -> list[Change]:
        event = Event(self._ledger.now(), "ContributionDeleted", detail={"owner": owner})
        gone = erased(self._memory, self._memory.contributions[owner].contribution, None)
        return [DeleteContribution(owner), *gone, LogEvent(event)]

    async def _commit(self, changes: list[Change], prepared: Prepared | None = None) -> None:
        try:
            await self._store.commit(changes)
        except BaseException:
            if prepared is not None:
                prepared.abandon()
            raise
        self._memory.apply(changes)
        self._ledger.wake()

    async def _serve(self, prepared: Prepared) -> None:
        self._memory.merge_again()
        prepared.put_in_force()
        await self._ledger.match_again()


def _without_place(memory: Memory, contribution: Contribution) -> list[str]:
    """The owners of contributions that are dropped with this one, because it doesn't name them.

    Files stay until every machine that was ordered to be installed has reported from its disk: what
    its Ignition config names it fetches in its first boot.
    """
    if contribution.owners is None:
        return []
    named = {contribution.owner, *contribution.owners}
    under_way = any(
        one.state in (MachineState.INSTALLING, MachineState.INSTALLED)
        for one in memory.machines.values()
    )
    return [
        owner
        for owner, stored in memory.contributions.items()
        if owner not in named and not (under_way and _only_files(stored.contribution))
    ]


def _only_files(contribution: Contribution) -> bool:
    return contribution == Contribution(contribution.owner, artifacts=contribution.artifacts)


def _judge(together: list[Contribution], new: Contribution) -> None:
    found = (*collisions(together), *invalid_records(new), *missing_artifacts(new))
    if found:
        raise ContributionRefused(f"the contribution of {new.owner!r} can't be served", found)


def missing_artifacts(contribution: Contribution) -> list[Diagnostic]:
    """Every file that is not there as the contribution says it is, or that this user can't read."""
    found: list[Diagnostic] = []
    for artifact in dict.fromkeys(artifacts_of(contribution)):
        if problem := problem_of(artifact):
            found.append(
                Diagnostic(
                    Code.MISSING_ARTIFACT,
                    f"the artifact {artifact.name} of {contribution.owner} {problem}:"
                    f" {artifact.path}",
                    help=("build it again, or take out what wants it",),
                )
            )
    return found
