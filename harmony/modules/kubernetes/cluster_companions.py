"""What is asked of a cluster that is there: is it usable, and does it answer."""

from __future__ import annotations

from dataclasses import dataclass

from typing_extensions import override

from harmony.domain.capability.kubernetes_api import KubernetesObject, ObjectQuery
from harmony.domain.interpret import Interpret
from harmony.domain.outcome import Outcome
from harmony.modules.kubernetes.node_state import NodeState, observe_nodes
from harmony.modules.kubernetes.plan import ClusterPlan
from harmony.modules.kubernetes.topology import ClusterTopology


@dataclass(frozen=True, slots=True)
class ClusterReadiness(Interpret[ClusterTopology]):
    """Every declared node is Ready, as the API says."""

    plan: ClusterPlan

    @override
    async def execute(self, topology: ClusterTopology) -> Outcome:
        nodes = await observe_nodes(topology, self.plan.name)
        lacking = _not_ready(self.plan, nodes)
        if lacking:
            return Outcome.running("; ".join(lacking))
        return Outcome.done("every node is Ready")


@dataclass(frozen=True, slots=True)
class ClusterSmokeTest(Interpret[ClusterTopology]):
    """The API servers have entered themselves as the Service `kubernetes`, which they do when they
    are ready to serve, and the nodes still are Ready."""

    plan: ClusterPlan

    @override
    async def execute(self, topology: ClusterTopology) -> Outcome:
        query = ObjectQuery("v1", "Endpoints", "default", "kubernetes", cluster=self.plan.name)
        found = await topology.observe_objects(query)
        serving = {address for one in found for address in _addresses(one)}
        silent = {node.address for node in self.plan.control_plane} - serving
        if silent:
            return Outcome.running(f"no API server at {', '.join(sorted(silent))} yet")
        lacking = _not_ready(self.plan, await observe_nodes(topology, self.plan.name))
        if lacking:
            return Outcome.running("; ".join(lacking))
        return Outcome.done(f"the API answers at {self.plan.api_name}")


def _not_ready(plan: ClusterPlan, nodes: dict[str, NodeState]) -> list[str]:
    """Words for each declared node that isn't Ready."""
    words: list[str] = []
    for node in plan.nodes:
        state = nodes.get(node.name)
        if state is None:
            words.append(f"{node.name} has not joined yet")
        elif not state.ready:
            words.append(f"{node.name} is not Ready: {state.why}")
    return words


def _addresses(found: KubernetesObject) -> list[str]:
    return [
        address["ip"]
        for subset in found.manifest.get("subsets") or ()
        for address in subset.get("addresses") or ()
    ]
