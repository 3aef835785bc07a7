"""What the Scores of this module need of a place, beside a Kubernetes API."""

from __future__ import annotations

from typing import Protocol

from harmony.domain.capability import InstalledMachines, KubernetesApi
from harmony.domain.topology import Topology


class NodeCertificatesTopology(Topology, InstalledMachines, KubernetesApi, Protocol):
    """A place that knows which of its machines are installed, with a way into the cluster."""
