"""What the Scores of this module need of a place."""

from __future__ import annotations

from typing import Protocol

from harmony.domain.capability import (
    ArtifactStore,
    BootService,
    DnsServer,
    InstalledMachines,
    KubeconfigStore,
    KubernetesApi,
    PowerControl,
    SecretVault,
)
from harmony.domain.topology import Topology


class ClusterTopology(
    Topology,
    ArtifactStore,
    BootService,
    DnsServer,
    InstalledMachines,
    KubeconfigStore,
    KubernetesApi,
    PowerControl,
    SecretVault,
    Protocol,
):
    """A place where machines can be made into a cluster. KubernetesApi is the way into clusters
    that are there; a Score that makes one provides it."""


class KubernetesTopology(Topology, KubernetesApi, Protocol):
    """A place with a Kubernetes cluster."""
