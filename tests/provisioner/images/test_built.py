"""What was built is described beside it, and what no longer agrees with that is noticed."""

from __future__ import annotations

from pathlib import Path

import pytest

from inventory.contribution import Artifact
from provisioner.images.built import BUILT, Built, Product, read_built, sha256_of, write_built

pytestmark = pytest.mark.unit

CONTENT = b"content\n"


def _described(folder: Path) -> Built:
    folder.mkdir()
    (folder / "file").write_bytes(CONTENT)
    write_built("thing", "0123", Product({"thing/part": "file"}, {"package": "1.0"}), folder)
    built = read_built(folder)
    assert built is not None
    return built


def test_what_is_described_is_read(tmp_path: Path) -> None:
    file = tmp_path / "thing" / "file"
    built = _described(file.parent)
    artifact = Artifact("thing/part", sha256_of(file), len(CONTENT), str(file))
    assert built == Built("thing", "0123", (artifact,), {"package": "1.0"})
    assert (built.is_complete(), built.is_intact()) == (True, True)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"artifacts": [{"name": "a"}]}', '{"artifacts": []}', "{"]
)
def test_a_damaged_description_is_none(text: str, tmp_path: Path) -> None:
    assert read_built(tmp_path) is None
    (tmp_path / BUILT).write_text(text)
    assert read_built(tmp_path) is None


@pytest.mark.parametrize(
    ("content", "complete"), [(None, False), (CONTENT[1:], False), (CONTENT.upper(), True)]
)
def test_what_is_damaged_is_noticed(content: bytes | None, complete: bool, tmp_path: Path) -> None:
    built = _described(tmp_path / "thing")
    file = Path(built.artifacts[0].path)
    if content is None:
        file.unlink()
    else:
        file.write_bytes(content)
    assert (built.is_complete(), built.is_intact()) == (complete, False)
