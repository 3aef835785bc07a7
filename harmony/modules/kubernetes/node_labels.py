"""What we write on nodes: their role, and by which order their machine was installed.

The latter tells a node from one of the same name that was there before a reinstall. Times can't: the
API server's clock may be minutes behind the daemon's.
"""

from __future__ import annotations

from harmony.domain.capability.installed_machines import LastOrder
from harmony.domain.capability.kubernetes_api import KubernetesApi, KubernetesObject
from harmony.domain.outcome import Change
from harmony.modules.kubernetes.node_state import NodeState
from harmony.modules.kubernetes.plan import Role

# Both prefixes are closed to kubelets.
# https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#noderestriction
_ROLE = "node-role.kubernetes.io"
_INSTALLED = "node-restriction.kubernetes.io/installed"


def is_of_another_installation(node: NodeState, order: LastOrder) -> bool:
    """Whether `node` is known to have joined by another order's installation than `order`'s."""
    return node.labels.get(_INSTALLED, _word(order)) != _word(order)


async def ensure_node_labels(
    api: KubernetesApi, cluster: str, node: NodeState, role: Role, order: LastOrder | None
) -> list[Change]:
    """`order` is what is on its machine's disk, if that is known. A label once given stays."""
    wanted = {f"{_ROLE}/{role}": ""}
    if order is not None:
        wanted[_INSTALLED] = _word(order)
    lacking = wanted.keys() - node.labels.keys()
    if not lacking:
        return []
    labels = {name: node.labels.get(name, value) for name, value in wanted.items()}
    manifest = {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": node.name, "labels": labels},
    }
    return [await api.ensure_object(KubernetesObject(manifest, cluster))]


def _word(order: LastOrder) -> str:
    return f"{order.at:.0f}"
