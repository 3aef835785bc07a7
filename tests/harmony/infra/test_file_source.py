from __future__ import annotations

import os
from pathlib import Path

import pytest

from harmony.infra.asset_source import Begun, SourceRefused
from harmony.infra.file_source import FileSource

pytestmark = pytest.mark.unit


def test_from_where_it_broke_off_unless_the_file_is_another(tmp_path: Path) -> None:
    file = tmp_path / "a kernel"
    file.write_bytes(b"0123456789")
    source = FileSource(file.as_uri())
    with source.open(Begun()) as opened:
        assert (opened.position, opened.size, b"".join(opened.chunks)) == (0, 10, b"0123456789")
    begun = Begun(4, source.name, opened.validator, 10)
    with source.open(begun) as opened:
        assert (opened.position, b"".join(opened.chunks)) == (4, b"456789")
    file.write_bytes(b"9876543210")
    os.utime(file, ns=(1, 1))
    with source.open(begun) as opened:
        assert (opened.position, b"".join(opened.chunks)) == (0, b"9876543210")


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name in ("nothing", "pipe", "."):
        with pytest.raises(SourceRefused), FileSource(f"file://{tmp_path}/{name}").open(Begun()):
            pass
