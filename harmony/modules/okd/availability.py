"""OkdAvailability: the cluster says that it is available, and every host is a node of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pydantic
from typing_extensions import override

from harmony.domain.interpret import Interpret
from harmony.domain.outcome import Outcome
from harmony.domain.score import Many, Score
from harmony.modules.kubernetes.node_state import NodeState, observe_nodes
from harmony.modules.kubernetes.topology import KubernetesTopology
from harmony.modules.okd.health import observe_health
from inventory.errors import PeerError


@pydantic.dataclasses.dataclass(frozen=True)
class OkdAvailability(Score[KubernetesTopology]):
    """The OKD cluster `cluster` is Available, none of its operators is degraded or under way, its machine
    pools are updated, and each of `nodes` (their names) is Ready. It changes nothing."""

    cluster: str
    nodes: Many[str]

    @override
    def key(self) -> str:
        return f"okd-availability/{self.cluster}"

    @override
    def provider_of(self, capability: type) -> str | None:
        return self.cluster

    @override
    def interpret(self) -> Interpret[KubernetesTopology]:
        return AvailabilityInterpret(self.cluster, tuple(self.nodes))


@dataclass(frozen=True, slots=True)
class AvailabilityInterpret(Interpret[KubernetesTopology]):
    """`details` of an outcome are all that isn't well; its message is the first of it."""

    cluster: str
    nodes: Sequence[str]

    @override
    async def execute(self, topology: KubernetesTopology) -> Outcome:
        try:
            found = await observe_nodes(topology, self.cluster)
            health = await observe_health(topology, self.cluster)
        except PeerError as away:
            return Outcome.running(str(away))
        ailing = absent(self.nodes, found) + health
        if not ailing:
            return Outcome.done(f"OKD cluster {self.cluster} is available")
        first, *others = ailing
        more = f" (and {len(others)} more)" if others else ""
        return Outcome.running(f"waiting for {first}{more}", details=ailing)


def absent(wanted: Sequence[str], found: Mapping[str, NodeState]) -> tuple[str, ...]:
    """The nodes that aren't Ready, a sentence for each."""
    return tuple(
        f"node {name}: {found[name].why}" if name in found else f"node {name}: it hasn't joined yet"
        for name in wanted
        if name not in found or not found[name].ready
    )
