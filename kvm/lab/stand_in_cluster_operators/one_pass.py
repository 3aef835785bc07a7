"""One pass of the operators: what they see now, and what they write so that the API says it.

A pass needs nothing of the one before it. Cut off anywhere, the next one does the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from kvm.lab.stand_in_cluster_operators import conditions, kinds
from kvm.lab.stand_in_cluster_operators.api import Api, Document, Unanswered
from kvm.lab.stand_in_cluster_operators.cluster import Declared, Member, Seen
from kvm.lab.stand_in_cluster_operators.conditions import Condition
from kvm.lab.stand_in_cluster_operators.kinds import Kind
from kvm.lab.stand_in_cluster_operators.observing import (
    API_SERVERS,
    NODES,
    holds,
    objects,
    ready,
    serving,
)

CONFIG_MAPS = "/api/v1/namespaces/kube-system/configmaps"
BOOTSTRAP = f"{CONFIG_MAPS}/bootstrap"
_ETCD = f"{kinds.ETCD.place}/cluster"


@dataclass(frozen=True, slots=True)
class _Report:
    """What the object `name` of `kind` is to say in its status."""

    kind: Kind
    name: str
    conditions: Sequence[Condition]
    others: Mapping[str, object] = field(default_factory=dict[str, object])


def one_pass(
    api: Api, declared: Declared, members: tuple[Member, ...], now: datetime
) -> tuple[str, ...]:
    """The places that it wrote to; none if all was said already. Raises Unanswered."""
    written = [place for kind in kinds.EVERY for place in _defined(api, kind)]
    told = api.read(BOOTSTRAP)
    seen = _seen(api, members, told)
    written += _bootstrap(api, told, conditions.bootstrap_complete(declared, seen))
    for report in _reports(declared, seen):
        written += _reported(api, report, f"{now:%Y-%m-%dT%H:%M:%SZ}")
    return tuple(written)


def _seen(api: Api, members: tuple[Member, ...], bootstrap: Document | None) -> Seen:
    nodes = api.read(NODES) or {}
    return Seen(
        nodes=ready(nodes),
        api_servers=serving(nodes, api.read(API_SERVERS)),
        members=members,
        complete=_status(bootstrap) == "complete",
        removed=holds(api.read(_ETCD), "EtcdBootstrapMemberRemoved"),
    )


def _status(bootstrap: Document | None) -> object:
    kept: Document = (bootstrap or {}).get("data") or {}
    return kept.get("status")


def _reports(declared: Declared, seen: Seen) -> Iterator[_Report]:
    of_operators = conditions.operators(declared, seen)
    versions = [{"name": "operator", "version": declared.version}]
    for name, told in of_operators.items():
        yield _Report(kinds.OPERATOR, name, told, {"versions": versions})
    for name, hosts in (("master", declared.control_planes), ("worker", declared.workers)):
        yield _Report(kinds.POOL, name, conditions.pool(hosts, seen), _counts(hosts, seen))
    yield _Report(kinds.ETCD, "cluster", conditions.etcd(declared, seen))
    desired = {"version": declared.version}
    yield _Report(kinds.VERSION, "version", conditions.version(of_operators), {"desired": desired})


def _counts(hosts: Sequence[str], seen: Seen) -> dict[str, object]:
    joined = [seen.nodes[host] for host in hosts if host in seen.nodes]
    return {
        "machineCount": len(joined),
        "updatedMachineCount": len(joined),
        "readyMachineCount": sum(joined),
        "unavailableMachineCount": len(joined) - sum(joined),
    }


def _defined(api: Api, kind: Kind) -> list[str]:
    """Raises Unanswered also while a kind isn't served yet, as it isn't right after it was defined."""
    place = f"{kinds.DEFINITIONS}/{kind.definition_name}"
    found = api.read(place)
    written = [] if found else [place]
    if not holds(found or api.create(kinds.DEFINITIONS, kind.definition()), "Established"):
        raise Unanswered(f"{kind.definition_name}: not served yet")
    return written


def _bootstrap(api: Api, found: Document | None, complete: bool) -> list[str]:
    content = {"status": "complete" if complete else "pending"}
    if _status(found) == content["status"]:
        return []
    if found is None:
        metadata = {"name": "bootstrap", "namespace": "kube-system"}
        wish = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": content}
        api.create(CONFIG_MAPS, wish)
    else:
        api.replace(BOOTSTRAP, {**found, "data": {**(found.get("data") or {}), **content}})
    return [BOOTSTRAP]


def _reported(api: Api, report: _Report, now: str) -> list[str]:
    place = f"{report.kind.place}/{report.name}"
    found = api.read(place)
    written = [] if found else [place]
    there = found or api.create(report.kind.place, report.kind.object(report.name))
    before = objects(there.get("status"), "conditions")
    status = {
        **report.others,
        "conditions": [_timed(one, before, now) for one in report.conditions],
    }
    if there.get("status") != status:
        api.replace(f"{place}/status", {**there, "status": status})
        written.append(f"{place}/status")
    return written


def _timed(one: Condition, before: Sequence[Document], now: str) -> dict[str, Any]:
    """With the time since when it is so."""
    status = "True" if one.holds else "False"
    same = [old for old in before if (old.get("type"), old.get("status")) == (one.type, status)]
    since = same[0].get("lastTransitionTime") if same else None
    return {
        "type": one.type,
        "status": status,
        "reason": one.reason,
        "message": one.message,
        "lastTransitionTime": since if isinstance(since, str) else now,
    }
