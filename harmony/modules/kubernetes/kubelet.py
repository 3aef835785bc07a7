"""The kubelet of a node: how it joins, and how it is told to run."""

from __future__ import annotations

import json

from harmony.modules.ignition.contents import fetched, inline
from harmony.modules.ignition.model import Config, File, Storage, Systemd, Unit
from harmony.modules.kubernetes.assets import BIN, CA, NodeAssets
from harmony.modules.kubernetes.container_runtime import SOCKET
from harmony.modules.kubernetes.control_plane import CONTROLLER_MANAGER
from harmony.modules.kubernetes.credentials import BootstrapCredentials
from harmony.modules.kubernetes.kubeconfig import kubeconfig_by_token
from harmony.modules.kubernetes.plan import API_PORT, ClusterPlan, Node, Role
from harmony.modules.kubernetes.systemd_unit import service

_BOOTSTRAP = "/etc/kubernetes/bootstrap.kubeconfig"
_SETTINGS = "/etc/kubernetes/kubelet.json"
_STATE = "/var/lib/kubelet"

# Kubernetes 1.20 knows only the first hierarchy of control groups.
KERNEL_ARGUMENTS = "systemd.unified_cgroup_hierarchy=0 systemd.legacy_systemd_cgroup_controller=1"
CONTROL_PLANE_TAINT = "node-role.kubernetes.io/control-plane=:NoSchedule"


def kubelet(
    plan: ClusterPlan, node: Node, credentials: BootstrapCredentials, assets: NodeAssets
) -> Config:
    """The part of `node`'s config that makes it a node of the cluster."""
    binary = assets.binaries["kubelet"]
    server = f"https://{plan.api_int_name}:{API_PORT}"
    joining = kubeconfig_by_token(server, credentials.ca_certificate, node.name, credentials.token)
    return Config(
        storage=Storage(
            files=(
                File(path="/etc/hostname", contents=inline(f"{node.name}\n")),
                File(path=CA, contents=inline(credentials.ca_certificate)),
                File(path=_BOOTSTRAP, contents=inline(joining), mode=0o600),
                File(path=_SETTINGS, contents=inline(_settings())),
                File(
                    path=f"{BIN}/kubelet", contents=fetched(binary.url, binary.sha256), mode=0o755
                ),
            )
        ),
        systemd=Systemd(units=(_unit(plan, node, server),)),
    )


def _unit(plan: ClusterPlan, node: Node, server: str) -> Unit:
    needs = ("containerd.service", "network-online.target")
    beside_the_api = node.role is Role.CONTROL_PLANE
    return service(
        "kubelet.service",
        "Kubernetes node agent",
        _command(plan, node),
        wants=needs,
        after=(*needs, CONTROLLER_MANAGER) if beside_the_api else needs,
        awaits=None if beside_the_api else f"{server}/readyz",
    )


def _command(plan: ClusterPlan, node: Node) -> tuple[str, ...]:
    # Without workers, pods have nowhere else to run.
    aside = node.role is Role.CONTROL_PLANE and bool(plan.workers)
    taints = (f"--register-with-taints={CONTROL_PLANE_TAINT}",) if aside else ()
    return (
        f"{BIN}/kubelet",
        f"--config={_SETTINGS}",
        f"--bootstrap-kubeconfig={_BOOTSTRAP}",
        f"--kubeconfig={_STATE}/kubeconfig",
        f"--cert-dir={_STATE}/pki",
        f"--hostname-override={node.name}",
        f"--node-ip={node.address}",
        "--container-runtime=remote",
        f"--container-runtime-endpoint={SOCKET}",
        *taints,
    )


def _settings() -> str:
    """KubeletConfiguration v1beta1. The cluster gives and renews both certificates."""
    settings = {
        "apiVersion": "kubelet.config.k8s.io/v1beta1",
        "kind": "KubeletConfiguration",
        "authentication": {
            "anonymous": {"enabled": False},
            "webhook": {"enabled": True},
            "x509": {"clientCAFile": CA},
        },
        "authorization": {"mode": "Webhook"},
        "cgroupDriver": "cgroupfs",
        "clusterDomain": "cluster.local",
        "failSwapOn": False,
        "resolvConf": "/run/systemd/resolve/resolv.conf",
        "rotateCertificates": True,
        "serverTLSBootstrap": True,
    }
    return json.dumps(settings, indent=1) + "\n"
