"""The client against a real kube-apiserver."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Generator
from pathlib import Path
from typing import Any, TypeVar

import pytest

from harmony.domain.capability.kubernetes_api import (
    KubernetesObject,
    ObjectQuery,
    ObjectReference,
)
from harmony.infra.errors import ServiceRefusedError, ServiceUnreachableError
from harmony.infra.kubernetes_api import KubernetesClient
from tests.harmony.real_control_plane import RealCluster

pytestmark = pytest.mark.protocol
T = TypeVar("T")


def test_first(real_cluster: RealCluster, tmp_path: Path) -> None:
    client = real_cluster.client(tmp_path)

    async def run() -> None:
        space = KubernetesObject(
            {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "web"}}
        )
        one = await client.ensure_object(space)
        two = await client.ensure_object(space)
        print(one, two)
        assert (one.changed, two.changed) == (True, False)

    asyncio.run(run())
