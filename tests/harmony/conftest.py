"""What several tests of this folder share."""

from __future__ import annotations

from collections.abc import Generator

import pytest

from tests.harmony.real_control_plane import RealCluster, real_control_plane


@pytest.fixture(scope="session")
def real_cluster(tmp_path_factory: pytest.TempPathFactory) -> Generator[RealCluster]:
    """A real control plane on loopback, one for all tests: they name their own objects."""
    with real_control_plane(tmp_path_factory.mktemp("cluster")) as cluster:
        yield cluster
