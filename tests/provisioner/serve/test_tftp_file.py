from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provisioner.serve.tftp_file import Files

pytestmark = pytest.mark.unit

CONTENT = random.Random(3).randbytes(200_000)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "file"
    file.write_bytes(CONTENT)
    return file


def descriptor_of(path: Path) -> int:
    return os.open(path, os.O_RDONLY)


@given(st.integers(0, 200_000), st.integers(0, 150_000))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_part_is_what_the_file_has_there(path: Path, start: int, length: int) -> None:
    files = Files()
    file = files.take(descriptor_of(path), len(CONTENT))
    stop = min(start + length, len(CONTENT))
    assert file[start:stop] == CONTENT[start:stop]
    assert len(file) == len(CONTENT)
    files.give_back(file)


def test_a_file_is_open_once_however_many_read_it(path: Path) -> None:
    files = Files()
    first, second = descriptor_of(path), descriptor_of(path)
    file = files.take(first, len(CONTENT))
    assert files.take(second, len(CONTENT)) is file
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(second)
    files.give_back(file)
    assert file[0:5] == CONTENT[:5]
    files.give_back(file)
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(first)


def test_a_file_put_in_its_place_is_another(path: Path) -> None:
    files = Files()
    old = files.take(descriptor_of(path), len(CONTENT))
    path.unlink()
    path.write_bytes(CONTENT[::-1])
    new = files.take(descriptor_of(path), len(CONTENT))
    assert old[0:100] == CONTENT[:100]
    assert new[0:100] == CONTENT[::-1][:100]
    files.give_back(old)
    files.give_back(new)


def test_a_file_that_was_cut_short_can_not_be_read(path: Path) -> None:
    files = Files()
    file = files.take(descriptor_of(path), len(CONTENT))
    os.truncate(path, 70_000)
    with pytest.raises(OSError, match="shorter"):
        file[65_000:66_000]
    files.give_back(file)


def test_the_pieces_kept_are_limited(tmp_path: Path) -> None:
    path = tmp_path / "sparse"
    path.touch()
    os.truncate(path, 64 << 20)
    files = Files()
    file = files.take(descriptor_of(path), 64 << 20)
    for at in range(0, 64 << 20, 1 << 16):
        assert file[at : at + 10] == bytes(10)
    assert len(file._pieces) <= 128  # pyright: ignore[reportPrivateUsage]
    files.give_back(file)
