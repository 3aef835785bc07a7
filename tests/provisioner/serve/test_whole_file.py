from __future__ import annotations

import stat
from pathlib import Path

import pytest

from provisioner.serve.whole_file import write_whole

pytestmark = pytest.mark.unit


def test_what_was_there_is_replaced_and_what_a_crash_left_is_no_obstacle(tmp_path: Path) -> None:
    path = tmp_path / "file"
    for content in (b"first", b"second"):
        (tmp_path / "file.new").write_bytes(b"half of som")
        write_whole(path, content)
        assert path.read_bytes() == content
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["file"]


def test_what_was_there_stays_where_nothing_can_be_written(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_whole(path, b"first")
    (tmp_path / "file.new").mkdir()
    with pytest.raises(OSError, match="Is a directory"):
        write_whole(path, b"second")
    assert path.read_bytes() == b"first"
