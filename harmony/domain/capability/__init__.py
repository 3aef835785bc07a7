"""What Scores can ask of a topology: one Protocol a file, named as the industry does."""

from harmony.domain.capability.artifact_store import ArtifactStore
from harmony.domain.capability.asset_store import AssetStore
from harmony.domain.capability.boot_service import BootService
from harmony.domain.capability.cluster_installer import ClusterInstaller
from harmony.domain.capability.dhcp_server import DhcpServer
from harmony.domain.capability.dns_server import DnsServer
from harmony.domain.capability.installed_machines import InstalledMachines
from harmony.domain.capability.kubeconfig_store import KubeconfigStore
from harmony.domain.capability.kubernetes_api import KubernetesApi
from harmony.domain.capability.load_balancer import LoadBalancer
from harmony.domain.capability.power_control import PowerControl
from harmony.domain.capability.secret_vault import SecretVault
from harmony.domain.capability.virtual_machine_host import VirtualMachineHost

__all__ = [
    "ArtifactStore",
    "AssetStore",
    "BootService",
    "ClusterInstaller",
    "DhcpServer",
    "DnsServer",
    "InstalledMachines",
    "KubeconfigStore",
    "KubernetesApi",
    "LoadBalancer",
    "PowerControl",
    "SecretVault",
    "VirtualMachineHost",
]
