"""What a SITE.py that declares OKD needs beside `harmony`."""

from harmony.modules.okd.cluster_names import OkdClusterNames
from harmony.modules.okd.extra_manifest import ExtraManifest
from harmony.modules.okd.install_config import (
    BootstrapInPlace,
    Capabilities,
    ImageDigestSource,
    InstallConfig,
    MachinePool,
    Metadata,
    Proxy,
    SecretReference,
)
from harmony.modules.okd.installation_assets import OkdInstallationAssets
from harmony.modules.okd.networking import ClusterNetwork, MachineNetwork, Networking

__all__ = [
    "BootstrapInPlace",
    "Capabilities",
    "ClusterNetwork",
    "ExtraManifest",
    "ImageDigestSource",
    "InstallConfig",
    "MachineNetwork",
    "MachinePool",
    "Metadata",
    "Networking",
    "OkdClusterNames",
    "OkdInstallationAssets",
    "Proxy",
    "SecretReference",
]
