"""Hosts whose disks are written anew: whatever of them is in the cluster is of the time before."""

from __future__ import annotations

from collections.abc import Sequence

from harmony.domain.capability.installed_machines import MachineCondition
from harmony.domain.capability.kubernetes_api import KubernetesApi
from harmony.domain.outcome import Change
from harmony.modules.kubernetes.node_labels import is_of_another_installation
from harmony.modules.kubernetes.node_state import NodeState
from harmony.modules.kubernetes.signing import Requests, forget_host
from inventory.machine_state import MachineState

_BEFORE_ITS_DISK = (MachineState.ASSIGNED, MachineState.INSTALLING)


async def forget_rewritten(
    api: KubernetesApi,
    cluster: str,
    conditions: Sequence[MachineCondition],
    nodes: dict[str, NodeState],
    requests: Requests,
) -> list[Change]:
    """Their nodes, also out of `nodes`, and the certificates they had: they join like new ones."""
    changes: list[Change] = []
    for condition in conditions:
        known = condition.host in nodes or condition.host in requests.given
        being_rewritten = known and condition.state in _BEFORE_ITS_DISK
        if being_rewritten or _was_rewritten(nodes.get(condition.host), condition):
            changes += await forget_host(api, cluster, condition.host, requests)
            nodes.pop(condition.host, None)
    return changes


def _was_rewritten(node: NodeState | None, condition: MachineCondition) -> bool:
    """Whether it was installed anew while nobody here looked. A node that is Ready is in use, whatever
    its labels say (the daemon may have been set up anew)."""
    if node is None or node.ready or condition.order is None:
        return False
    return is_of_another_installation(node, condition.order)
