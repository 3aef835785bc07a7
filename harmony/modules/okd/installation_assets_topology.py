"""What the making of installation assets needs of a topology."""

from __future__ import annotations

from typing import Protocol

from harmony.domain.capability.asset_store import AssetStore
from harmony.domain.capability.cluster_installer import ClusterInstaller
from harmony.domain.capability.installed_machines import InstalledMachines
from harmony.domain.capability.secret_vault import SecretVault
from harmony.domain.topology import Topology


class InstallationAssetsTopology(
    Topology, AssetStore, ClusterInstaller, InstalledMachines, SecretVault, Protocol
):
    """A place that keeps installers, runs them, keeps what they make, and knows its machines."""
