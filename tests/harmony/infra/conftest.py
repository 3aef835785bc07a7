"""A server that misbehaves, an empty store, and a client of a real cluster."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Generator
from pathlib import Path
from typing import TypeVar

import pytest

from harmony.infra.asset_folder import AssetFolder
from harmony.infra.kubernetes_api import KubernetesClient
from tests.harmony.infra.file_server import FileServer, file_server
from tests.harmony.real_control_plane import RealCluster

T = TypeVar("T")


@pytest.fixture
def server() -> Generator[FileServer]:
    with file_server() as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path) -> AssetFolder:
    return AssetFolder(tmp_path / "assets")


@pytest.fixture
def asked(
    real_cluster: RealCluster, tmp_path: Path
) -> Callable[[Callable[[KubernetesClient], Awaitable[T]]], T]:
    """Runs a conversation with a client of its own, in one event loop."""

    def run(conversation: Callable[[KubernetesClient], Awaitable[T]]) -> T:
        client = real_cluster.client(tmp_path)

        async def whole() -> T:
            try:
                return await conversation(client)
            finally:
                await client.aclose()

        return asyncio.run(whole())

    return run
