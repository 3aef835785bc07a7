"""A server that misbehaves, and an empty store."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest

from harmony.infra.asset_folder import AssetFolder
from tests.harmony.infra.file_server import FileServer, file_server


@pytest.fixture
def server() -> Generator[FileServer]:
    with file_server() as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path) -> AssetFolder:
    return AssetFolder(tmp_path / "assets")
