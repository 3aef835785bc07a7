"""A real control plane for the tests of this folder, whose objects are the cluster's own and no test's."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Generator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.harmony.real_control_plane import RealCluster, real_control_plane


@pytest.fixture(scope="package")
def real_cluster(tmp_path_factory: pytest.TempPathFactory) -> Generator[RealCluster]:
    with real_control_plane(tmp_path_factory.mktemp("cluster")) as cluster:
        yield cluster


@pytest.fixture
def kubeconfig(real_cluster: RealCluster, tmp_path: Path) -> Path:
    """The administrator's, for a machine whose resolver doesn't know the API's name."""
    way, at = real_cluster.way, urlsplit(real_cluster.server)
    cluster = {
        "server": f"https://127.0.0.1:{at.port}",
        "tls-server-name": at.hostname,
        "certificate-authority-data": b64encode(way.ca_certificate.encode()).decode(),
    }
    user = {
        "client-certificate-data": b64encode(way.client_certificate.encode()).decode(),
        "client-key-data": b64encode(way.client_key.encode()).decode(),
    }
    path = tmp_path / "admin.kubeconfig"
    path.write_text(json.dumps({"clusters": [{"cluster": cluster}], "users": [{"user": user}]}))
    return path
