"""MachineSite: what a declaration may ask of the place where machines become clusters.

`BareMetalSite` and `LabSite` both are one; the command chooses, never SITE.py.
"""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from harmony.domain.capability import (
    ArtifactStore,
    AssetStore,
    BootService,
    ClusterInstaller,
    DhcpServer,
    DnsServer,
    InstalledMachines,
    KubeconfigStore,
    KubernetesApi,
    PowerControl,
    SecretVault,
)
from harmony.domain.topology import Topology


@runtime_checkable
class MachineSite(
    Topology,
    ArtifactStore,
    AssetStore,
    BootService,
    ClusterInstaller,
    DhcpServer,
    DnsServer,
    InstalledMachines,
    KubeconfigStore,
    KubernetesApi,
    PowerControl,
    SecretVault,
    Protocol,
):
    """Machines, everything that boots and installs them, and the clusters they become.

    KubernetesApi is among them although no site has it at first: a registered Score provides it.
    """
