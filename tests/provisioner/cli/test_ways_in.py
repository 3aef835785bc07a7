"""The line that asks a kept cluster, as a shell takes it apart."""

from __future__ import annotations

import asyncio
import shlex
from pathlib import Path

import pytest

from harmony.domain.capability.kubeconfig_store import Kubeconfig
from harmony.infra.kubeconfig_files import KubeconfigFiles
from provisioner.cli.ways_in import kubectl_lines

pytestmark = pytest.mark.unit


def test_clusters_that_can_be_asked(tmp_path: Path) -> None:
    folder = tmp_path / "kube configs"
    way = Kubeconfig(
        cluster="home",
        server="https://api.home.example:6443",
        addresses=("10.7.0.11", "10.7.0.12"),
        ca_certificate="",
        client_certificate="",
        client_key="",
    )
    asyncio.run(KubeconfigFiles(folder).ensure_kubeconfig(way))
    (line,) = kubectl_lines("nsenter --target 7", "/cache/kubectl", folder, ("home", "later"))
    assert shlex.split(line) == [
        *("nsenter", "--target", "7", "/cache/kubectl"),
        *("--kubeconfig", str(folder / "home.kubeconfig"), "--server", "https://10.7.0.11:6443"),
        *("--tls-server-name", "api.home.example", "get", "nodes"),
    ]
