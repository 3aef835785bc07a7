"""`create …`: one function for each target."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from kvm.lab.stand_in_openshift_install import ignition
from kvm.lab.stand_in_openshift_install.asset_directory import State, begun, put, take_manifests
from kvm.lab.stand_in_openshift_install.install_config import InstallConfig, RefusedInstallConfig

_MACHINE = "x86_64"


def manifests(folder: Path, now: datetime) -> None:
    for name, text in _manifests(begun(folder, now).config).items():
        put(folder, name, text)


def ignition_configs(folder: Path, now: datetime) -> None:
    state, files = _consumed(folder, now)
    put(folder, "bootstrap.ign", ignition.bootstrap(state.config, files))
    _pointers(folder, state, ("master", "worker"))
    _ways_in(folder, state)


def single_node_ignition_config(folder: Path, now: datetime) -> None:
    state, files = _consumed(folder, now)
    if not state.config.disk or state.config.control_planes != 1:
        raise RefusedInstallConfig(
            'invalid "install-config.yaml" file: [controlPlane.replicas: must be 1,'
            " bootstrapInPlace.installationDisk: Required value]"
        )
    name = "bootstrap-in-place-for-live-iso.ign"
    put(folder, name, ignition.in_place(state.config, files))
    _pointers(folder, state, ("worker",))
    _ways_in(folder, state)


def pxe_files(folder: Path, now: datetime) -> None:
    """The agent's way; what it writes as images are a line of text each."""
    agent = folder / "agent-config.yaml"
    if not agent.exists():
        raise RefusedInstallConfig('failed to load asset "Agent Config"')
    state = begun(folder, now)
    agent.unlink()
    for part in ("vmlinuz", "initrd.img", "rootfs.img"):
        put(folder, f"boot-artifacts/agent.{_MACHINE}-{part}", f"stand-in of {part}\n")
    _ways_in(folder, state)


TARGETS: Mapping[str, Callable[[Path, datetime], None]] = {
    "create manifests": manifests,
    "create ignition-configs": ignition_configs,
    "create single-node-ignition-config": single_node_ignition_config,
    "agent create pxe-files": pxe_files,
}


def _consumed(folder: Path, now: datetime) -> tuple[State, dict[str, str]]:
    """The state, and all that the bootstrap machine gets below /opt/openshift."""
    state = begun(folder, now)
    files = take_manifests(folder) or _manifests(state.config)
    files |= {f"tls/{name}": text for name, text in state.tls.items()}
    return state, files | {"auth/kubeconfig": _kubeconfig(state)}


def _pointers(folder: Path, state: State, roles: tuple[str, ...]) -> None:
    for role in roles:
        text = ignition.pointer(state.config.domain, role, state.tls["root-ca.crt"])
        put(folder, f"{role}.ign", text)


def _ways_in(folder: Path, state: State) -> None:
    put(folder, "auth/kubeconfig", _kubeconfig(state))
    put(folder, "auth/kubeadmin-password", state.password)
    cluster = {"clusterName": state.config.cluster, "clusterID": "stand-in", "infraID": "stand-in"}
    put(folder, "metadata.json", json.dumps(cluster))


def _kubeconfig(state: State) -> str:
    name = state.config.cluster
    cluster = {
        "server": f"https://api.{state.config.domain}:6443",
        "certificate-authority-data": _base64(state.tls["kube-apiserver-lb-signer.crt"]),
    }
    user = {
        "client-certificate-data": _base64(state.tls["admin-kubeconfig-client.crt"]),
        "client-key-data": _base64(state.tls["admin-kubeconfig-client.key"]),
    }
    document = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": name, "cluster": cluster}],
        "users": [{"name": "admin", "user": user}],
        "contexts": [{"name": "admin", "context": {"cluster": name, "user": "admin"}}],
        "current-context": "admin",
    }
    return json.dumps(document, indent=2)


def _manifests(config: InstallConfig) -> dict[str, str]:
    """A few of the real one's, by its names; JSON, which is YAML too."""
    cluster = {"metadata": {"name": "cluster"}}
    documents: dict[str, object] = {
        "manifests/cluster-infrastructure-02-config.yml": {
            "apiVersion": "config.openshift.io/v1",
            "kind": "Infrastructure",
            "status": {
                "apiServerURL": f"https://api.{config.domain}:6443",
                "apiServerInternalURI": f"https://api-int.{config.domain}:6443",
                "infrastructureName": config.cluster,
                "platform": "None",
            },
        }
        | cluster,
        "manifests/cluster-scheduler-02-config.yml": {
            "apiVersion": "config.openshift.io/v1",
            "kind": "Scheduler",
            "spec": {"mastersSchedulable": True, "policy": {"name": ""}},
        }
        | cluster,
    }
    for role in ("master", "worker"):
        documents[f"openshift/99_openshift-machineconfig_99-{role}-ssh.yaml"] = {
            "apiVersion": "machineconfiguration.openshift.io/v1",
            "kind": "MachineConfig",
            "metadata": {
                "labels": {"machineconfiguration.openshift.io/role": role},
                "name": f"99-{role}-ssh",
            },
            "spec": {"config": {"ignition": {"version": "3.2.0"}}},
        }
    return {path: json.dumps(document, indent=2) for path, document in documents.items()}


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
