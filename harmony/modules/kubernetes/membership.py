"""Who belongs to a cluster: its hosts join with their own tokens, and nobody else does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from harmony.domain.capability.installed_machines import (
    InstalledMachines,
    MachineCondition,
    MachineQuery,
)
from harmony.domain.capability.kubernetes_api import KubernetesApi, KubernetesObject
from harmony.domain.outcome import Change
from harmony.modules.kubernetes.csr_rules import LeavePending
from harmony.modules.kubernetes.joining import ensure_tokens
from harmony.modules.kubernetes.node_state import NodeState, observe_nodes, ready_names
from harmony.modules.kubernetes.patience import Patience
from harmony.modules.kubernetes.plan import ClusterPlan
from harmony.modules.kubernetes.signing import (
    Requests,
    forget_host,
    known_hosts,
    observe_requests,
    sign,
)
from inventory.machine_state import MachineState

# While a host's disk is being written, whatever of it is in the cluster is of the time before.
_BEFORE_ITS_DISK = (MachineState.ASSIGNED, MachineState.INSTALLING)


class MembershipTopology(KubernetesApi, InstalledMachines, Protocol):
    """What deciding on members needs."""


@dataclass(frozen=True, slots=True)
class Members:
    """The cluster's nodes after a look at it, what was changed, and the requests left pending."""

    nodes: dict[str, NodeState]
    conditions: tuple[MachineCondition, ...]
    changes: tuple[Change, ...]
    left: tuple[LeavePending, ...]

    @property
    def details(self) -> tuple[str, ...]:
        """What an operator has to know: who asked for what in vain."""
        return tuple(
            f"certificate request {one.request} of {one.requester} stays pending: {one.reason}"
            for one in self.left
        )


async def bring_in(
    topology: MembershipTopology, plan: ClusterPlan, tokens: dict[str, str], patience: Patience
) -> Members:
    """One look: tokens for those who still have to join, and all certificate requests judged."""
    conditions = await topology.observe_machines(MachineQuery(tuple(tokens)))
    nodes = await observe_nodes(topology, plan.name)
    requests = await observe_requests(topology, plan.name)
    changes = await _forget_rewritten(topology, plan.name, conditions, nodes, requests)
    ready = ready_names(nodes.values())
    changes += await ensure_tokens(topology, plan.name, tokens, ready, frozenset(nodes))
    certified = requests.given.keys() | nodes.keys()
    unused = (requests.asking_first & certified) - nodes.keys()
    lost = patience.exhausted(unused)
    hosts = known_hosts(plan, tokens, conditions, nodes, requests, lost)
    signed = await sign(topology, plan.name, requests, hosts)
    changes += signed.changes
    for node in plan.nodes:
        state = nodes.get(node.name)
        if state is not None and state.ready:
            changes += await _ensure_role(topology, plan.name, state, node.role)
    return Members(nodes, conditions, tuple(changes), signed.left)


async def _forget_rewritten(
    api: KubernetesApi,
    cluster: str,
    conditions: Sequence[MachineCondition],
    nodes: dict[str, NodeState],
    requests: Requests,
) -> list[Change]:
    changes: list[Change] = []
    for condition in conditions:
        known = condition.host in nodes or condition.host in requests.given
        if known and condition.state in _BEFORE_ITS_DISK:
            changes += await forget_host(api, cluster, condition.host, requests)
            nodes.pop(condition.host, None)
    return changes


async def _ensure_role(
    api: KubernetesApi, cluster: str, node: NodeState, role: str
) -> list[Change]:
    """`kubectl get nodes` shows it; a kubelet may not give itself that label."""
    label = f"node-role.kubernetes.io/{role}"
    if label in node.labels:
        return []
    manifest = {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": node.name, "labels": {label: ""}},
    }
    return [await api.ensure_object(KubernetesObject(manifest, cluster))]
