"""Whether a member may be taken out of etcd: only while those that stay agree without it.

Every change of etcd's members is a decision of the cluster as it is, which needs more than half of its
voters (etcd's documentation, "Runtime reconfiguration"); and so does every write afterwards, of the smaller
cluster. Learners have no vote.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EtcdMember:
    """`healthy`: it answered just now. `name` is its node's; empty while it has not started yet."""

    id: int
    name: str
    healthy: bool
    is_learner: bool = False


@dataclass(frozen=True, slots=True)
class MayLeave:
    """Taking the member out costs nobody the quorum."""

    member: EtcdMember


@dataclass(frozen=True, slots=True)
class MustStay:
    """`reason` says in words why it can't be taken out now."""

    reason: str


@dataclass(frozen=True, slots=True)
class GoneAlready:
    """There is no member of that name."""


Departure = MayLeave | MustStay | GoneAlready


def quorum(voters: int) -> int:
    """How many of so many have to agree."""
    return voters // 2 + 1


def departure(of: str, members: Iterable[EtcdMember]) -> Departure:
    """What becomes of the member of the node `of`, among all `members` as they are now."""
    present = tuple(members)
    named = [one for one in present if one.name == of]
    if not named:
        return GoneAlready()
    if len(named) > 1:
        return MustStay(f"etcd has {len(named)} members called {of!r}: which one is meant?")
    leaving = named[0]
    if leaving.is_learner:
        return _decided(leaving, _voters(present))
    staying = [one for one in _voters(present) if one is not leaving]
    if not staying:
        return MustStay(f"{of} is the only one that has the data: there would be no etcd any more")
    well = sum(one.healthy for one in staying)
    if well < quorum(len(staying)):
        return MustStay(
            f"of the {len(staying)} that would stay {well} answer{'s' if well == 1 else ''}, and"
            f" {quorum(len(staying))} have to: {_silent(staying)} first"
        )
    return _decided(leaving, _voters(present))


def _decided(leaving: EtcdMember, voters: Sequence[EtcdMember]) -> Departure:
    """By the cluster as it is, the member that leaves included."""
    well = sum(one.healthy for one in voters)
    if well < quorum(len(voters)):
        return MustStay(
            f"etcd can decide nothing: {well} of its {len(voters)} voters answer, and"
            f" {quorum(len(voters))} have to: {_silent(voters)} first"
        )
    return MayLeave(leaving)


def _voters(members: Iterable[EtcdMember]) -> list[EtcdMember]:
    return [one for one in members if not one.is_learner]


def _silent(members: Iterable[EtcdMember]) -> str:
    """What has to be done about those that don't answer."""
    return (
        f"bring back {', '.join(one.name or f'{one.id:x}' for one in members if not one.healthy)}"
    )
