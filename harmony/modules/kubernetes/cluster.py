"""KubernetesCluster: bare machines become a cluster, and stay one.

The API is `api.DOMAIN` (`api-int.DOMAIN` for the nodes): the domain given is the cluster's own, and
its name is not put in between as OKD does, because `domain` says which names are this cluster's.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network
from typing import ClassVar

import pydantic
from typing_extensions import override

from harmony.domain.capability import KubernetesApi
from harmony.domain.interpret import Interpret
from harmony.domain.preflight.entrance import Balancer, ClusterEntrance
from harmony.domain.score import Many, Score
from harmony.modules.kubernetes.cluster_check import ClusterWishes, check_cluster
from harmony.modules.kubernetes.cluster_companions import ClusterReadiness, ClusterSmokeTest
from harmony.modules.kubernetes.cluster_interpret import ClusterInterpret
from harmony.modules.kubernetes.plan import ClusterPlan, Role, api_names, node_of
from harmony.modules.kubernetes.topology import ClusterTopology
from inventory.diagnostic import Diagnostic
from inventory.host import Host
from inventory.site import Site


@pydantic.dataclasses.dataclass(frozen=True)
class KubernetesCluster(Score[ClusterTopology]):
    """A cluster `name` whose API is at `api.DOMAIN`. For now one host is its control plane.

    Each host's pods have a /24 of `pod_network`; Services are numbered from `service_network`.
    """

    provides: ClassVar[tuple[type, ...]] = (KubernetesApi,)

    name: str
    domain: str
    control_plane: Many[Host]
    workers: Many[Host] = ()
    pod_network: str = "10.244.0.0/16"
    service_network: str = "10.96.0.0/12"

    @property
    def hosts(self) -> tuple[Host, ...]:
        return (*self.control_plane, *self.workers)

    def plan(self) -> ClusterPlan:
        """What follows from the declaration; ValueError where `check` has findings."""
        pods = IPv4Network(self.pod_network)
        return ClusterPlan(
            name=self.name,
            domain=self.domain,
            nodes=(
                *(node_of(host, Role.CONTROL_PLANE, pods) for host in self.control_plane),
                *(node_of(host, Role.WORKER, pods) for host in self.workers),
            ),
            pod_network=pods,
            service_network=IPv4Network(self.service_network),
        )

    @override
    def key(self) -> str:
        return f"kubernetes-cluster/{self.name}"

    @override
    def interpret(self) -> Interpret[ClusterTopology]:
        return ClusterInterpret(self.key(), self.plan(), self.hosts)

    def readiness(self) -> Interpret[ClusterTopology]:
        return ClusterReadiness(self.plan())

    def smoke_test(self) -> Interpret[ClusterTopology]:
        return ClusterSmokeTest(self.plan())

    def upkeep(self) -> Interpret[ClusterTopology]:
        return self.interpret()

    def cluster_entrance(self) -> ClusterEntrance:
        """Its API is the control plane's own address: there is no other to be balanced to."""
        plan = self.plan()
        api = IPv4Address(plan.control_plane[0].address)
        return ClusterEntrance(self.name, self.domain, api, Balancer.NODES)

    def dns_names(self) -> tuple[str, ...]:
        return api_names(self.domain)

    def check(self, site: Site) -> tuple[Diagnostic, ...]:
        return check_cluster(self, self.wishes(), site)

    def wishes(self) -> ClusterWishes:
        """The fields as `check` judges them."""
        return ClusterWishes(
            self.name,
            self.domain,
            tuple(self.control_plane),
            tuple(self.workers),
            self.pod_network,
            self.service_network,
        )
