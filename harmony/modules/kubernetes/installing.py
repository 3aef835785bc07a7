"""What is to be on the disks of a cluster's hosts."""

from __future__ import annotations

from collections.abc import Iterable

from harmony.domain.capability.boot_service import BootService
from harmony.modules.ignition.canonical import canonical_json
from harmony.modules.kubernetes.cluster_assets import ClusterAssets
from harmony.modules.kubernetes.kubelet import KERNEL_ARGUMENTS
from harmony.modules.kubernetes.node_ignition import node_ignition
from harmony.modules.kubernetes.plan import ClusterPlan
from harmony.modules.kubernetes.secrets import ClusterSecrets
from inventory.contribution import Installation
from inventory.host import Host


async def installations(
    boot: BootService,
    plan: ClusterPlan,
    hosts: Iterable[Host],
    assets: ClusterAssets,
    secrets: ClusterSecrets,
) -> tuple[Installation, ...]:
    """One for each of `hosts`, with its finished Ignition config."""
    nodes = {node.name: node for node in plan.nodes}
    made: list[Installation] = []
    for host in hosts:
        config = node_ignition(
            plan,
            nodes[host.name],
            await assets.at(boot, host),
            secrets.bootstrap(host.name),
            secrets.control_plane,
        )
        made.append(Installation(host.name, assets.image, canonical_json(config), KERNEL_ARGUMENTS))
    return tuple(made)
