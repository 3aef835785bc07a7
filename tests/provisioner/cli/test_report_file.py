"""The report that a program waits for: of this run and whole, or not there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from inventory.errors import OperatorError
from provisioner.cli.report_file import make_way, write

pytestmark = pytest.mark.unit


def test_nothing_is_there_until_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    for _ in range(2):
        make_way(path)
        assert list(tmp_path.iterdir()) == []
        write(path, b"{}")
        assert [path] == list(tmp_path.iterdir())
        assert path.read_bytes() == b"{}"


def test_a_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    link, target = tmp_path / "report.json", tmp_path / "elsewhere" / "report.json"
    link.symlink_to(target)
    target.write_bytes(b"of an earlier run")
    make_way(link)
    assert not target.exists()
    write(link, b"{}")
    assert (link.is_symlink(), target.read_bytes()) == (True, b"{}")


def test_a_pipe_is_left_and_written_to(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        make_way(pipe)
        write(pipe, b"{}")
        assert os.read(reader, 10) == b"{}"
    finally:
        os.close(reader)


def test_where_nothing_can_be_written(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match=f"{tmp_path}: it is a folder"):
        make_way(tmp_path)
    with pytest.raises(OperatorError, match=r"/nowhere/report\.json: No such file or directory"):
        make_way(Path("/nowhere/report.json"))
