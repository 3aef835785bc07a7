"""Installers for tests: the stand-in, and shell scripts around it that misbehave in one way each; and what
became of them."""

from __future__ import annotations

import asyncio
import hashlib
import shlex
from pathlib import Path

from harmony.domain.capability.cluster_installer import (
    ClusterInstaller,
    InstallationAssets,
    InstallationAssetsQuery,
    InstallationAssetsSpec,
    ObservedInstallationAssets,
)
from inventory.contribution import Artifact
from kvm.lab.stand_in_openshift_install.executable import write_executable
from tests.kvm.lab.stand_in_openshift_install.configs import PULL_SECRET, text

VERSION = "4.19.0-okd-scos.19"
CLUSTER = "okd.home.example"
LEFT = {
    ".openshift_install.log",
    ".openshift_install_state.json",
    "auth/kubeadmin-password",
    "auth/kubeconfig",
    "metadata.json",
}


def stand_in(folder: Path, before: str = "", after: str = "", version: str = VERSION) -> Artifact:
    """The stand-in; shell script `before` and `after` it, with its own arguments in `$@`."""
    folder.mkdir(exist_ok=True)
    program = write_executable(folder / "openshift-install.real", version)
    path = folder / "openshift-install"
    run = shlex.quote(str(program))
    path.write_text(f'#!/bin/sh\n{before}\n{run} "$@"; code=$?\n{after}\nexit $code\n')
    path.chmod(0o755)
    return artifact(path)


def artifact(path: Path) -> Artifact:
    content = path.read_bytes()
    return Artifact(path.name, hashlib.sha256(content).hexdigest(), len(content), str(path))


def spec(program: Artifact, generation: int = 1) -> InstallationAssetsSpec:
    return InstallationAssetsSpec(
        CLUSTER, generation, VERSION, program, text(), secrets=(PULL_SECRET,)
    )


def single(program: Artifact) -> InstallationAssetsSpec:
    return InstallationAssetsSpec(
        CLUSTER, 1, VERSION, program, text(1, "/dev/vda"), in_place=True, secrets=(PULL_SECRET,)
    )


def observed(one: ClusterInstaller) -> ObservedInstallationAssets:
    return asyncio.run(one.observe_installation_assets(InstallationAssetsQuery(CLUSTER)))


def latest(one: ClusterInstaller) -> InstallationAssets:
    found = observed(one).latest
    assert found is not None
    return found


def plain(folder: Path) -> list[str]:
    return [path.name for path in (folder / "scratch").glob("*")]
