"""OkdNodeCertificates: the kubelets of declared hosts get their certificates, and nobody else does.

On platform `none` nothing in the cluster approves a kubelet's requests but those of the control plane's
first start. All machines ask by one service account, which proves nothing: what counts is that the host is
declared, was installed by us and has no certificate yet (`csr_rules`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pydantic
from typing_extensions import override

from harmony.domain.capability.installed_machines import MachineCondition, MachineQuery
from harmony.domain.interpret import Interpret
from harmony.domain.outcome import Change, Outcome
from harmony.domain.score import Many, Score
from harmony.modules.kubernetes.cluster_check import unaddressed
from harmony.modules.kubernetes.csr_rules import KnownHost, LeavePending
from harmony.modules.kubernetes.node_state import NodeState, observe_nodes
from harmony.modules.kubernetes.patience import Patience
from harmony.modules.kubernetes.rewritten import forget_rewritten
from harmony.modules.kubernetes.signing import Requests, observe_requests, sign
from harmony.modules.okd.topology import NodeCertificatesTopology
from inventory.diagnostic import Diagnostic
from inventory.errors import PeerError
from inventory.host import Host
from inventory.site import Site

NODE_BOOTSTRAPPER = "system:serviceaccount:openshift-machine-config-operator:node-bootstrapper"


@pydantic.dataclasses.dataclass(frozen=True)
class OkdNodeCertificates(Score[NodeCertificatesTopology]):
    """Every one of `hosts` is a node of the OKD cluster `cluster`, whose domain is `domain`
    (`home.example` where its API is `api.home.example`), and its certificates are renewed."""

    cluster: str
    domain: str
    hosts: Many[Host]

    @override
    def key(self) -> str:
        return f"okd-node-certificates/{self.cluster}"

    @override
    def provider_of(self, capability: type) -> str | None:
        return self.cluster

    @override
    def interpret(self) -> Interpret[NodeCertificatesTopology]:
        return CertificatesInterpret(self.cluster, self.domain, tuple(self.hosts))

    def upkeep(self) -> Interpret[NodeCertificatesTopology]:
        return self.interpret()

    def check(self, site: Site) -> tuple[Diagnostic, ...]:
        return tuple(unaddressed(self, self.hosts))


@dataclass(frozen=True, slots=True)
class CertificatesInterpret(Interpret[NodeCertificatesTopology]):
    """One look: every request is judged; `details` are those that stay pending."""

    cluster: str
    domain: str
    hosts: Sequence[Host]
    patience: Patience = field(default_factory=Patience, compare=False)

    @override
    async def execute(self, topology: NodeCertificatesTopology) -> Outcome:
        names = tuple(host.name for host in self.hosts)
        changes: list[Change] = []
        try:
            conditions = await topology.observe_machines(MachineQuery(names))
            nodes = await observe_nodes(topology, self.cluster)
            requests = await observe_requests(topology, self.cluster)
            changes += await forget_rewritten(topology, self.cluster, conditions, nodes, requests)
            known = self._known(conditions, nodes, requests)
            signed = await sign(topology, self.cluster, requests, known)
        except PeerError as away:
            return Outcome.running(str(away), changes)
        changes += signed.changes
        details = tuple(map(_words, signed.left))
        if absent := [name for name in names if name not in nodes]:
            return Outcome.running(f"waiting for {', '.join(absent)} to join", changes, details)
        return Outcome.done(f"every host of {self.cluster} is a node", changes, details)

    def _known(
        self,
        conditions: Sequence[MachineCondition],
        nodes: dict[str, NodeState],
        requests: Requests,
    ) -> dict[str, KnownHost]:
        states = {one.host: one.state for one in conditions}
        given = requests.given.keys() | nodes.keys()
        lost = self.patience.exhausted((requests.asking_first & given) - nodes.keys())
        return {
            host.name: KnownHost(
                name=host.name,
                asks_first_as=NODE_BOOTSTRAPPER,
                state=states.get(host.name),
                has_live_certificate=host.name in given - lost,
                dns_names=frozenset({host.name, f"{host.name}.{self.domain}"}),
                addresses=frozenset() if host.address is None else frozenset({host.address}),
            )
            for host in self.hosts
        }


def _words(left: LeavePending) -> str:
    return f"certificate request {left.request} of {left.requester} stays pending: {left.reason}"
