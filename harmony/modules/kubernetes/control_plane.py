"""The programs of a control-plane host: etcd, API server, controller manager, scheduler.

They are systemd services and not static pods: nothing has to be pulled, and they are up before
containerd is. Each trusts only what it must: etcd has a CA of its own and listens on loopback.
"""

from __future__ import annotations

from harmony.modules.ignition.contents import fetched, inline
from harmony.modules.ignition.model import Config, Directory, File, Storage, Systemd, Unit
from harmony.modules.kubernetes.assets import BIN, NodeAssets
from harmony.modules.kubernetes.credentials import ControlPlaneCredentials, KeyPair
from harmony.modules.kubernetes.kubeconfig import kubeconfig_by_certificate
from harmony.modules.kubernetes.plan import API_PORT, ClusterPlan, Node
from harmony.modules.kubernetes.systemd_unit import service

PKI = "/etc/kubernetes/pki"
_LOCAL_API = f"https://127.0.0.1:{API_PORT}"
_ETCD_STATE = "/var/lib/etcd/cluster"
# Of the programs that need the API it alone asks whether the API is ready; the rest follow it.
CONTROLLER_MANAGER = "kube-controller-manager.service"
_PROGRAMS = ("kube-apiserver", "kube-controller-manager", "kube-scheduler")


def control_plane(
    plan: ClusterPlan, node: Node, credentials: ControlPlaneCredentials, assets: NodeAssets
) -> Config:
    """The part of `node`'s config that makes it the cluster's control plane."""
    binaries = tuple(
        File(
            path=f"{BIN}/{name}",
            contents=fetched(assets.binaries[name].url, assets.binaries[name].sha256),
            mode=0o755,
        )
        for name in _PROGRAMS
    )
    return Config(
        storage=Storage(
            files=(*_keys(credentials), *_kubeconfigs(credentials), *binaries),
            directories=(Directory(path=_ETCD_STATE, mode=0o700),),
        ),
        systemd=Systemd(
            units=(
                _etcd(node),
                _api_server(plan, node),
                _controller_manager(plan),
                _scheduler(plan),
            )
        ),
    )


def no_control_plane() -> Config:
    """The part of a worker's config that keeps the image's own etcd from starting."""
    return Config(systemd=Systemd(units=(Unit(name="etcd.service", mask=True),)))


def _keys(held: ControlPlaneCredentials) -> tuple[File, ...]:
    return (
        File(path=f"{PKI}/ca.key", contents=inline(held.ca.key), mode=0o600),
        *_pair("apiserver", held.api_server),
        *_pair("apiserver-kubelet-client", held.api_server_kubelet_client),
        *_pair("apiserver-etcd-client", held.api_server_etcd_client),
        *_pair("etcd", held.etcd_server),
        File(path=f"{PKI}/etcd-ca.crt", contents=inline(held.etcd_ca_certificate)),
        File(path=f"{PKI}/sa.key", contents=inline(held.service_account.private), mode=0o600),
        File(path=f"{PKI}/sa.pub", contents=inline(held.service_account.public)),
    )


def _pair(name: str, pair: KeyPair) -> tuple[File, File]:
    return (
        File(path=f"{PKI}/{name}.crt", contents=inline(pair.certificate)),
        File(path=f"{PKI}/{name}.key", contents=inline(pair.key), mode=0o600),
    )


def _kubeconfigs(held: ControlPlaneCredentials) -> tuple[File, ...]:
    programs = {"controller-manager": held.controller_manager, "scheduler": held.scheduler}
    return tuple(
        File(
            path=f"/etc/kubernetes/{name}.kubeconfig",
            contents=inline(
                kubeconfig_by_certificate(
                    _LOCAL_API, held.ca.certificate, f"system:kube-{name}", pair
                )
            ),
            mode=0o600,
        )
        for name, pair in programs.items()
    )


def _etcd(node: Node) -> Unit:
    """Debian's etcd. Its election is slow on purpose: an emulated disk takes seconds to sync."""
    return service(
        "etcd.service",
        "etcd, the cluster's memory",
        (
            "/usr/bin/etcd",
            f"--name={node.name}",
            f"--data-dir={_ETCD_STATE}",
            "--listen-client-urls=https://127.0.0.1:2379",
            "--advertise-client-urls=https://127.0.0.1:2379",
            "--listen-peer-urls=http://127.0.0.1:2380",
            "--initial-advertise-peer-urls=http://127.0.0.1:2380",
            f"--initial-cluster={node.name}=http://127.0.0.1:2380",
            f"--cert-file={PKI}/etcd.crt",
            f"--key-file={PKI}/etcd.key",
            "--client-cert-auth",
            f"--trusted-ca-file={PKI}/etcd-ca.crt",
            "--heartbeat-interval=500",
            "--election-timeout=5000",
            "--auto-compaction-retention=1",
        ),
        settings=("Type=simple", "LimitNOFILE=65536"),
    )


def _api_server(plan: ClusterPlan, node: Node) -> Unit:
    return service(
        "kube-apiserver.service",
        "Kubernetes API server",
        (
            f"{BIN}/kube-apiserver",
            f"--advertise-address={node.address}",
            f"--secure-port={API_PORT}",
            "--allow-privileged=true",
            "--authorization-mode=Node,RBAC",
            f"--client-ca-file={PKI}/ca.crt",
            "--enable-admission-plugins=NodeRestriction",
            "--enable-bootstrap-token-auth=true",
            "--etcd-servers=https://127.0.0.1:2379",
            f"--etcd-cafile={PKI}/etcd-ca.crt",
            f"--etcd-certfile={PKI}/apiserver-etcd-client.crt",
            f"--etcd-keyfile={PKI}/apiserver-etcd-client.key",
            f"--kubelet-certificate-authority={PKI}/ca.crt",
            f"--kubelet-client-certificate={PKI}/apiserver-kubelet-client.crt",
            f"--kubelet-client-key={PKI}/apiserver-kubelet-client.key",
            "--kubelet-preferred-address-types=InternalIP",
            "--profiling=false",
            "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
            f"--service-account-key-file={PKI}/sa.pub",
            f"--service-account-signing-key-file={PKI}/sa.key",
            f"--service-cluster-ip-range={plan.service_network}",
            f"--tls-cert-file={PKI}/apiserver.crt",
            f"--tls-private-key-file={PKI}/apiserver.key",
        ),
        after=("etcd.service",),
        wants=("etcd.service",),
        settings=("Type=notify", "LimitNOFILE=65536"),
    )


def _controller_manager(plan: ClusterPlan) -> Unit:
    return service(
        CONTROLLER_MANAGER,
        "Kubernetes controller manager",
        (
            f"{BIN}/kube-controller-manager",
            "--kubeconfig=/etc/kubernetes/controller-manager.kubeconfig",
            "--bind-address=127.0.0.1",
            "--port=0",
            f"--cluster-signing-cert-file={PKI}/ca.crt",
            f"--cluster-signing-key-file={PKI}/ca.key",
            "--controllers=*,tokencleaner",
            f"--leader-elect={_elect(plan)}",
            "--profiling=false",
            f"--root-ca-file={PKI}/ca.crt",
            f"--service-account-private-key-file={PKI}/sa.key",
            "--use-service-account-credentials=true",
        ),
        after=("kube-apiserver.service",),
        awaits=f"{_LOCAL_API}/readyz",
    )


def _scheduler(plan: ClusterPlan) -> Unit:
    return service(
        "kube-scheduler.service",
        "Kubernetes scheduler",
        (
            f"{BIN}/kube-scheduler",
            "--kubeconfig=/etc/kubernetes/scheduler.kubeconfig",
            "--bind-address=127.0.0.1",
            "--port=0",
            f"--leader-elect={_elect(plan)}",
            "--profiling=false",
        ),
        after=(CONTROLLER_MANAGER,),
    )


def _elect(plan: ClusterPlan) -> str:
    """Whether the one of several that acts has to be elected: with one, that only costs time."""
    return "true" if len(plan.control_plane) > 1 else "false"
