"""Files to be served."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from bench.payload import MIB, artifact, payload

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("size", [0, 1, MIB - 1, MIB, 2 * MIB + 5])
def test_it_has_its_size(tmp_path: Path, size: int) -> None:
    assert payload(tmp_path / "file", size).stat().st_size == size


def test_an_artifact_is_known_by_its_content(tmp_path: Path) -> None:
    file = payload(tmp_path / "kernel", 1000)
    told = artifact(file)
    assert (told.name, told.size, told.path) == ("kernel", 1000, str(file))
    assert told.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
