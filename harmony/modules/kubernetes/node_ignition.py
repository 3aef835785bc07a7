"""The whole Ignition config of one host of a cluster: its role's part and its own."""

from __future__ import annotations

from typing import assert_never

from harmony.modules.ignition.merge import merged
from harmony.modules.ignition.model import Config
from harmony.modules.kubernetes.assets import NodeAssets
from harmony.modules.kubernetes.container_runtime import container_runtime
from harmony.modules.kubernetes.control_plane import control_plane, no_control_plane
from harmony.modules.kubernetes.credentials import BootstrapCredentials, ControlPlaneCredentials
from harmony.modules.kubernetes.kubelet import kubelet
from harmony.modules.kubernetes.plan import ClusterPlan, Node, Role
from harmony.modules.kubernetes.pod_network import pod_network


def node_ignition(
    plan: ClusterPlan,
    node: Node,
    assets: NodeAssets,
    bootstrap: BootstrapCredentials,
    held: ControlPlaneCredentials,
) -> Config:
    """`node`'s config. Of `held`, a worker gets nothing."""
    own = merged(kubelet(plan, node, bootstrap, assets), pod_network(plan, node))
    return merged(container_runtime(assets), _role_part(plan, node, held, assets), own)


def _role_part(
    plan: ClusterPlan, node: Node, held: ControlPlaneCredentials, assets: NodeAssets
) -> Config:
    match node.role:
        case Role.CONTROL_PLANE:
            return control_plane(plan, node, held, assets)
        case Role.WORKER:
            return no_control_plane()
        case _:
            assert_never(node.role)
