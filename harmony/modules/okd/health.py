"""Whether an OKD cluster says of itself that it is there: its version, its operators, its machine pools.

`openshift-install wait-for install-complete` looks at the first two; a node whose configuration isn't the
pool's would be rebooted right after the hand-over, so that the pools count as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from harmony.domain.capability.kubernetes_api import KubernetesApi, KubernetesObject, ObjectQuery
from harmony.modules.okd.condition import conditions, unmet


@dataclass(frozen=True, slots=True)
class ReportingKind:
    """A kind whose objects report on themselves; `healthy` are the conditions of one that is well."""

    api_version: str
    kind: str
    healthy: Mapping[str, str]


VERSION = ReportingKind(
    "config.openshift.io/v1",
    "ClusterVersion",
    {"Available": "True", "Failing": "False", "Progressing": "False"},
)
OPERATORS = ReportingKind(
    "config.openshift.io/v1",
    "ClusterOperator",
    {"Available": "True", "Degraded": "False", "Progressing": "False"},
)
POOLS = ReportingKind(
    "machineconfiguration.openshift.io/v1",
    "MachineConfigPool",
    {"Updated": "True", "Degraded": "False"},
)
EVERY = (VERSION, OPERATORS, POOLS)


def ailing(of: ReportingKind, found: Sequence[KubernetesObject]) -> tuple[str, ...]:
    """What isn't well, a sentence for each object; a kind without objects isn't either."""
    if not found:
        return (f"no {of.kind} is there yet",)
    return tuple(_sentences(of, found))


async def observe_health(api: KubernetesApi, cluster: str) -> tuple[str, ...]:
    """What isn't well in the cluster, a sentence for each; none when all is. Raises PeerError while it
    can't be asked, or doesn't know one of the kinds."""
    sentences: list[str] = []
    for of in EVERY:
        query = ObjectQuery(of.api_version, of.kind, cluster=cluster)
        sentences += ailing(of, await api.observe_objects(query))
    return tuple(sentences)


def _sentences(of: ReportingKind, found: Sequence[KubernetesObject]) -> Iterator[str]:
    for one in sorted(found, key=lambda one: one.reference.name):
        lacking = unmet(conditions(one.manifest), of.healthy)
        if lacking:
            yield f"{of.kind} {one.reference.name}: {'; '.join(lacking)}"
