"""What a SITE.py needs beside the inventory: Maestro, the kind of site, and Scores."""

from harmony.maestro import Maestro
from harmony.modules.kubernetes.cluster import KubernetesCluster
from harmony.modules.kubernetes.deployment import Deployment
from harmony.modules.kubernetes.namespace import Namespace
from harmony.modules.machines.installed_hosts import InstalledHosts
from harmony.topologies.machine_site import MachineSite

__all__ = [
    "Deployment",
    "InstalledHosts",
    "KubernetesCluster",
    "MachineSite",
    "Maestro",
    "Namespace",
]
