"""What a SITE.py needs beside the inventory: Maestro, the kind of site, and Scores."""

from harmony.domain.asset import Asset, S3Object
from harmony.maestro import Maestro
from harmony.modules.assets.assets import Assets
from harmony.modules.kubernetes.cluster import KubernetesCluster
from harmony.modules.kubernetes.deployment import Deployment
from harmony.modules.kubernetes.namespace import Namespace
from harmony.modules.machines.installed_hosts import InstalledHosts
from harmony.topologies.machine_site import MachineSite

__all__ = [
    "Asset",
    "Assets",
    "Deployment",
    "InstalledHosts",
    "KubernetesCluster",
    "MachineSite",
    "Maestro",
    "Namespace",
    "S3Object",
]
