"""The section `networking` of an install-config: which addresses machines, pods and Services have.

Source: openshift/installer, pkg/types/installconfig.go.
"""

from __future__ import annotations

from typing import Literal

from harmony.modules.okd.document import Part


class ClusterNetwork(Part):
    """Where pods have their addresses; each node takes a subnet of `host_prefix` out of it."""

    cidr: str
    host_prefix: int | None = None


class MachineNetwork(Part):
    """Where the nodes have theirs."""

    cidr: str


class OvnIpv4(Part):
    internal_join_subnet: str | None = None


class OvnKubernetesConfig(Part):
    ipv4: OvnIpv4 | None = None


class Networking(Part):
    network_type: Literal["OVNKubernetes"] | None = None
    cluster_network: tuple[ClusterNetwork, ...] = ()
    service_network: tuple[str, ...] = ()
    machine_network: tuple[MachineNetwork, ...] = ()
    cluster_network_mtu: int | None = None
    ovn_kubernetes_config: OvnKubernetesConfig | None = None

    def in_full(self) -> Networking:
        """With what the installer takes where nothing is said."""
        return self.model_copy(
            update={
                "cluster_network": self.cluster_network or _PODS,
                "service_network": self.service_network or ("172.30.0.0/16",),
                "machine_network": self.machine_network or (MachineNetwork(cidr="10.0.0.0/16"),),
            }
        )


_PODS = (ClusterNetwork(cidr="10.128.0.0/14", host_prefix=23),)
