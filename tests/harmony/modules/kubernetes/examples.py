"""A small cluster and its parts, as tests of this module use them."""

from __future__ import annotations

from ipaddress import IPv4Network

from harmony.modules.kubernetes.assets import Asset, NodeAssets
from harmony.modules.kubernetes.credentials import (
    BootstrapCredentials,
    ControlPlaneCredentials,
    KeyPair,
    RsaKey,
)
from harmony.modules.kubernetes.plan import ClusterPlan, Role, node_of
from inventory.host import Host, Nic

PODS = IPv4Network("10.244.0.0/16")
CP1 = Host("cp1", nics=[Nic("52:54:00:07:00:11")], address="10.7.0.11")
W1 = Host("w1", nics=[Nic("52:54:00:07:00:12")], address="10.7.0.12")
TOKEN = "abcdef.0123456789abcdef"


def plan_of(control_plane_address: str = "10.7.0.11") -> ClusterPlan:
    """cp1 and w1; cp1 has the given address."""
    first = Host("cp1", nics=[Nic("52:54:00:07:00:11")], address=control_plane_address)
    nodes = (node_of(first, Role.CONTROL_PLANE, PODS), node_of(W1, Role.WORKER, PODS))
    return ClusterPlan("home", "home.example", nodes, PODS, IPv4Network("10.96.0.0/12"))


def pair(name: str) -> KeyPair:
    """Not a real one: rendering doesn't look into it."""
    return KeyPair(f"certificate of {name}\n", f"key of {name}\n")


def credentials() -> ControlPlaneCredentials:
    return ControlPlaneCredentials(
        ca=pair("ca"),
        api_server=pair("api server"),
        api_server_kubelet_client=pair("kubelet client"),
        controller_manager=pair("controller manager"),
        scheduler=pair("scheduler"),
        service_account=RsaKey("service account key\n", "service account public key\n"),
        etcd_ca_certificate="certificate of etcd ca\n",
        etcd_server=pair("etcd"),
        api_server_etcd_client=pair("etcd client"),
    )


def bootstrap() -> BootstrapCredentials:
    return BootstrapCredentials("certificate of ca\n", TOKEN)


def assets() -> NodeAssets:
    programs = ("kubelet", "kube-apiserver", "kube-controller-manager", "kube-scheduler")
    served = {
        name: Asset(f"http://10.7.0.1/artifacts/{number:064x}/{name}", f"{number:064x}")
        for number, name in enumerate(programs)
    }
    images = Asset(f"http://10.7.0.1/artifacts/{9:064x}/images.tar", f"{9:064x}")
    return NodeAssets(served, images, "docker.io/harmony/pause:1")
