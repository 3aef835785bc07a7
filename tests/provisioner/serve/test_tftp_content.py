from __future__ import annotations

import os
from pathlib import Path

import pytest

from provisioner.serve.tftp_content import opened

pytestmark = pytest.mark.unit

TEXT = b"first\nsecond\rstill second\n"
NETASCII = b"first\r\nsecond\r\0still second\r\n"


def read(source: bytes | Path, mode: str) -> bytes | None:
    found = opened(source, mode)
    if found is None:
        return None
    descriptor, size = found
    with os.fdopen(descriptor, "rb") as file:
        content = os.pread(descriptor, size + 1, 0)
        assert not file.closed
    assert len(content) == size
    return content


@pytest.mark.parametrize("mode, content", [("octet", TEXT), ("netascii", NETASCII)])
def test_bytes_and_files_are_the_same(tmp_path: Path, mode: str, content: bytes) -> None:
    file = tmp_path / "text"
    file.write_bytes(TEXT)
    assert read(TEXT, mode) == content
    assert read(file, mode) == content
    assert read(b"", mode) == b""


def test_what_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "circle").symlink_to("circle")
    (tmp_path / "file").write_bytes(b"x")
    for path in ("missing", "pipe", "circle", "file/below", "x" * 300, ""):
        assert opened(tmp_path / path, "octet") is None
    assert opened(Path("/dev/null"), "octet") is None


def test_a_large_file_is_not_turned_into_netascii(tmp_path: Path) -> None:
    file = tmp_path / "large"
    file.write_bytes(b"")
    os.truncate(file, (1 << 22) + 1)
    before = len(list(Path("/proc/self/fd").iterdir()))
    with pytest.raises(OSError, match="too large for netascii"):
        opened(file, "netascii")
    assert len(list(Path("/proc/self/fd").iterdir())) == before
