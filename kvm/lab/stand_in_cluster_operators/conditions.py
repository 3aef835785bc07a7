"""From what is so in the cluster to what its operators say of it.

A host that isn't there yet is waited for (Progressing), one that is there and not Ready is a fault
(Degraded); an operator is Available as long as enough of its hosts are well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from kvm.lab.stand_in_cluster_operators.cluster import Declared, Seen


@dataclass(frozen=True, slots=True)
class Condition:
    """As ClusterOperatorStatusCondition and OperatorCondition have them, but for its time."""

    type: str
    holds: bool
    reason: str = "AsExpected"
    message: str = ""


@dataclass(frozen=True, slots=True)
class _Spread:
    """Where an operator's part is: `waiting` and `broken` in words, `well` as a number of hosts."""

    well: int
    needed: int
    waiting: tuple[str, ...]
    broken: tuple[str, ...]


def bootstrap_complete(declared: Declared, seen: Seen) -> bool:
    """Whether the control planes are on their own: each of them runs an API server, or did once."""
    return seen.complete or seen.api_servers.issuperset(declared.control_planes)


def operators(declared: Declared, seen: Seen) -> dict[str, tuple[Condition, ...]]:
    """Of each ClusterOperator, by name."""
    planes, everywhere = declared.control_planes, (*declared.control_planes, *declared.workers)
    joined = seen.nodes.keys()
    spreads = {
        "dns": _spread(everywhere, joined, seen),
        "etcd": _etcd(declared, seen),
        "ingress": _spread(declared.workers or planes, joined, seen),
        "kube-apiserver": _spread(planes, seen.api_servers, seen),
        "machine-config": _spread(everywhere, joined, seen),
        "network": _spread(everywhere, joined, seen),
    }
    return {name: _said(spread) for name, spread in spreads.items()}


def version(of_operators: Mapping[str, Sequence[Condition]]) -> tuple[Condition, ...]:
    """Of ClusterVersion: Progressing until every operator is Available and none is Degraded."""
    away = _named(of_operators, "Available", holds=False)
    degraded = _named(of_operators, "Degraded", holds=True)
    waits = ", ".join(sorted({*away, *degraded}))
    return (
        Condition("Available", *_unless(waits, "ClusterOperatorsNotAvailable")),
        _fault("Failing", "ClusterOperatorsDegraded", ", ".join(degraded)),
        _fault("Progressing", "ClusterOperatorsNotAvailable", waits),
    )


def pool(hosts: Sequence[str], seen: Seen) -> tuple[Condition, ...]:
    """Of the MachineConfigPool of `hosts`. No node here is ever refused its configuration."""
    lacking = ", ".join(host for host in hosts if not seen.nodes.get(host, False))
    return (
        Condition("Updated", *_unless(lacking, "MachinesNotReady")),
        _fault("Updating", "MachinesNotReady", lacking),
        Condition("Degraded", holds=False),
    )


def etcd(declared: Declared, seen: Seen) -> tuple[Condition, ...]:
    """Of the Etcd `cluster`, in the words of cluster-etcd-operator's bootstrapteardown."""
    there = any(one.name == declared.bootstrap for one in seen.members)
    enough = seen.removed or _voting(seen).issuperset(declared.control_planes)
    few = Condition(
        "EtcdRunningInCluster", enough, "EnoughEtcdMembers" if enough else "NotEnoughEtcdMembers"
    )
    if there:
        return few, _removed(False, "BootstrapMemberThere", "etcd bootstrap member is there")
    if not enough:
        return few, _removed(False, "NotEnoughEtcdMembers", "control planes aren't all members")
    return few, _removed(True, "BootstrapMemberRemoved", "etcd bootstrap member is removed")


def _removed(holds: bool, reason: str, message: str) -> Condition:
    return Condition("EtcdBootstrapMemberRemoved", holds, reason, message)


def _etcd(declared: Declared, seen: Seen) -> _Spread:
    majority = len(declared.control_planes) // 2 + 1
    found = _spread(declared.control_planes, _voting(seen), seen, majority)
    if all(one.name != declared.bootstrap for one in seen.members):
        return found
    waiting = (*found.waiting, f"{declared.bootstrap} to leave")
    return _Spread(found.well, found.needed, waiting, found.broken)


def _voting(seen: Seen) -> frozenset[str]:
    return frozenset(one.name for one in seen.members if one.voting)


def _spread(hosts: Sequence[str], at: AbstractSet[str], seen: Seen, needed: int = 1) -> _Spread:
    """Of a part that is to be on `hosts` and is `at` some; without its node it isn't there either."""
    there = [host for host in hosts if host in at and host in seen.nodes]
    broken = tuple(host for host in there if not seen.nodes[host])
    waiting = tuple(host for host in hosts if host not in there)
    return _Spread(len(there) - len(broken), needed, waiting, broken)


def _said(found: _Spread) -> tuple[Condition, ...]:
    few = found.well < found.needed
    short = f"{found.needed} hosts, {found.well} are well" if few else ""
    return (
        Condition("Available", *_unless(short, "TooFew")),
        _fault("Degraded", "NodesNotReady", ", ".join(found.broken)),
        _fault("Progressing", "Waiting", ", ".join(found.waiting)),
    )


def _named(of: Mapping[str, Sequence[Condition]], kind: str, *, holds: bool) -> list[str]:
    return [
        name for name, told in of.items() if any(x.type == kind and x.holds is holds for x in told)
    ]


def _unless(lacking: str, reason: str) -> tuple[bool, str, str]:
    return (False, reason, f"waiting for {lacking}") if lacking else (True, "AsExpected", "")


def _fault(kind: str, reason: str, which: str) -> Condition:
    return Condition(kind, True, reason, which) if which else Condition(kind, holds=False)
