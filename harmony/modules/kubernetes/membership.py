"""Who belongs to a cluster: its hosts join with their own tokens, and nobody else does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from harmony.domain.capability.installed_machines import MachineCondition
from harmony.domain.capability.kubernetes_api import KubernetesApi
from harmony.domain.outcome import Change
from harmony.modules.kubernetes.csr_rules import LeavePending
from harmony.modules.kubernetes.joining import ensure_tokens
from harmony.modules.kubernetes.node_labels import ensure_node_labels
from harmony.modules.kubernetes.node_state import NodeState, observe_nodes, ready_names
from harmony.modules.kubernetes.patience import Patience
from harmony.modules.kubernetes.plan import ClusterPlan
from harmony.modules.kubernetes.rewritten import forget_rewritten
from harmony.modules.kubernetes.signing import known_hosts, observe_requests, sign


@dataclass(frozen=True, slots=True)
class Members:
    """The cluster's nodes after a look at it, what was changed, and the requests left pending."""

    nodes: dict[str, NodeState]
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
    api: KubernetesApi,
    plan: ClusterPlan,
    tokens: dict[str, str],
    conditions: Sequence[MachineCondition],
    patience: Patience,
) -> Members:
    """One look: tokens for those who still have to join, and all certificate requests judged.
    `conditions` are of all hosts of `plan`."""
    nodes = await observe_nodes(api, plan.name)
    requests = await observe_requests(api, plan.name)
    changes = await forget_rewritten(api, plan.name, conditions, nodes, requests)
    ready = ready_names(nodes.values())
    changes += await ensure_tokens(api, plan.name, tokens, ready, frozenset(nodes))
    certified = requests.given.keys() | nodes.keys()
    unused = (requests.asking_first & certified) - nodes.keys()
    lost = patience.exhausted(unused)
    hosts = known_hosts(plan, tokens, conditions, nodes, requests, lost)
    signed = await sign(api, plan.name, requests, hosts)
    changes += signed.changes
    changes += await _ensure_labels(api, plan, nodes, conditions)
    return Members(nodes, tuple(changes), signed.left)


async def _ensure_labels(
    api: KubernetesApi,
    plan: ClusterPlan,
    nodes: dict[str, NodeState],
    conditions: Sequence[MachineCondition],
) -> list[Change]:
    changes: list[Change] = []
    orders = {one.host: one.order for one in conditions if one.on_its_own_disk}
    for member in plan.nodes:
        node = nodes.get(member.name)
        if node is not None:
            order = orders.get(member.name)
            changes += await ensure_node_labels(api, plan.name, node, member.role, order)
    return changes
