"""Nodes as the API shows them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from harmony.domain.capability.kubernetes_api import KubernetesApi, KubernetesObject, ObjectQuery


@dataclass(frozen=True, slots=True)
class NodeState:
    """`why` is the kubelet's word for not being ready. `labels` are as observed."""

    name: str
    ready: bool
    why: str
    labels: Mapping[str, str]


async def observe_nodes(api: KubernetesApi, cluster: str) -> dict[str, NodeState]:
    """The cluster's nodes by name."""
    found = await api.observe_objects(ObjectQuery("v1", "Node", cluster=cluster))
    return {node.name: node for node in map(_state, found)}


def ready_names(nodes: Iterable[NodeState]) -> frozenset[str]:
    return frozenset(node.name for node in nodes if node.ready)


def _state(found: KubernetesObject) -> NodeState:
    manifest = found.manifest
    conditions: list[Mapping[str, Any]] = manifest.get("status", {}).get("conditions") or []
    ready = next((one for one in conditions if one["type"] == "Ready"), None)
    metadata = manifest["metadata"]
    return NodeState(
        name=metadata["name"],
        ready=ready is not None and ready["status"] == "True",
        why=str(ready.get("message", "")) if ready else "its kubelet has not reported yet",
        labels=metadata.get("labels") or {},
    )
