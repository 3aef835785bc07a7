from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from harmony.modules.ignition.reading import read
from harmony.modules.ignition.rfc2397 import decoded
from kvm.lab.stand_in_openshift_install.creating import TARGETS
from kvm.lab.stand_in_openshift_install.install_config import RefusedInstallConfig
from tests.kvm.lab.stand_in_openshift_install.configs import directory

pytestmark = pytest.mark.unit

NOW = datetime(2026, 3, 1, tzinfo=UTC)
STATE = ".openshift_install_state.json"
WAYS_IN = {"auth/kubeconfig", "auth/kubeadmin-password", "metadata.json", STATE}
MANIFESTS = {
    "manifests/cluster-infrastructure-02-config.yml",
    "manifests/cluster-scheduler-02-config.yml",
    "openshift/99_openshift-machineconfig_99-master-ssh.yaml",
    "openshift/99_openshift-machineconfig_99-worker-ssh.yaml",
}


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def on_bootstrap(document: Path) -> dict[str, bytes]:
    """Contents by path below /opt/openshift."""
    found = read(document.read_bytes(), document.name)
    return {
        file.path.removeprefix("/opt/openshift/"): decoded(file.contents.source or "")
        for file in found.storage.files
    }


def test_manifests_then_ignition_configs(tmp_path: Path) -> None:
    folder = directory(tmp_path)
    TARGETS["create manifests"](folder, NOW)
    assert files(folder) == {STATE, *MANIFESTS}
    (folder / "manifests/mine.yaml").write_text("kind: Mine\n")
    (folder / "manifests/cluster-scheduler-02-config.yml").write_text("kind: Changed\n")
    TARGETS["create ignition-configs"](folder, NOW)
    assert files(folder) == {*WAYS_IN, "bootstrap.ign", "master.ign", "worker.ign"}
    found = on_bootstrap(folder / "bootstrap.ign")
    assert found["manifests/mine.yaml"] == b"kind: Mine\n"
    assert found["manifests/cluster-scheduler-02-config.yml"] == b"kind: Changed\n"
    assert found.keys() >= MANIFESTS | {"tls/root-ca.key", "auth/kubeconfig"}


def test_ignition_configs_at_once(tmp_path: Path) -> None:
    folder = directory(tmp_path)
    TARGETS["create ignition-configs"](folder, NOW)
    assert files(folder) == {*WAYS_IN, "bootstrap.ign", "master.ign", "worker.ign"}
    assert on_bootstrap(folder / "bootstrap.ign").keys() >= MANIFESTS


def test_an_old_state_brings_the_old_certificates_back(tmp_path: Path) -> None:
    folder = directory(tmp_path)
    TARGETS["create ignition-configs"](folder, NOW)
    first = (folder / "master.ign").read_bytes()
    TARGETS["create ignition-configs"](folder, datetime(2027, 1, 1, tzinfo=UTC))
    assert (folder / "master.ign").read_bytes() == first


def test_pointers_trust_the_ca_that_signed_the_machine_config_servers_certificate(
    tmp_path: Path,
) -> None:
    folder = directory(tmp_path)
    TARGETS["create ignition-configs"](folder, NOW)
    ca = on_bootstrap(folder / "bootstrap.ign")["tls/root-ca.crt"]
    for role in ("master", "worker"):
        found = read((folder / f"{role}.ign").read_bytes(), role)
        (trusted,) = found.ignition.security.tls.certificateAuthorities
        assert decoded(trusted.source or "") == ca


def test_a_single_machine_installs_itself(tmp_path: Path) -> None:
    folder = directory(tmp_path, 1, "/dev/vda")
    TARGETS["create single-node-ignition-config"](folder, NOW)
    name = "bootstrap-in-place-for-live-iso.ign"
    assert files(folder) == {*WAYS_IN, name, "worker.ign"}
    assert on_bootstrap(folder / name)["installation-disk"] == b"/dev/vda\n"


@pytest.mark.parametrize(("control_planes", "disk"), [(3, "/dev/vda"), (1, "")])
def test_three_machines_do_not_nor_one_without_a_disk(
    tmp_path: Path, control_planes: int, disk: str
) -> None:
    folder = directory(tmp_path, control_planes, disk)
    with pytest.raises(RefusedInstallConfig, match="installationDisk"):
        TARGETS["create single-node-ignition-config"](folder, NOW)


def test_the_way_in(tmp_path: Path) -> None:
    folder = directory(tmp_path)
    TARGETS["create ignition-configs"](folder, NOW)
    cluster = json.loads((folder / "auth/kubeconfig").read_text())["clusters"][0]["cluster"]
    assert cluster["server"] == "https://api.okd.home.example:6443"
    ca = base64.b64decode(cluster["certificate-authority-data"])
    assert ca == on_bootstrap(folder / "bootstrap.ign")["tls/kube-apiserver-lb-signer.crt"]


def test_the_agents_files(tmp_path: Path) -> None:
    folder = directory(tmp_path)
    with pytest.raises(RefusedInstallConfig, match="Agent Config"):
        TARGETS["agent create pxe-files"](folder, NOW)
    (folder / "agent-config.yaml").write_text("rendezvousIP: 10.7.0.11\n")
    TARGETS["agent create pxe-files"](folder, NOW)
    artifacts = {f"boot-artifacts/agent.x86_64-{one}" for one in ("vmlinuz", "initrd.img")}
    assert files(folder) == {*WAYS_IN, *artifacts, "boot-artifacts/agent.x86_64-rootfs.img"}
