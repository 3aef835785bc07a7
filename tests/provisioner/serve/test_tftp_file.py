from __future__ import annotations

import gc
import os
import random
import weakref
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provisioner.serve.tftp_content import opened
from provisioner.serve.tftp_file import File, Files

pytestmark = pytest.mark.unit

CONTENT = random.Random(3).randbytes(200_000)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "file"
    file.write_bytes(CONTENT)
    return file


def descriptor_of(path: Path) -> int:
    return os.open(path, os.O_RDONLY)


def taken_twice(files: Files, path: Path) -> File:
    """A file that two are at."""
    files.take(descriptor_of(path), len(CONTENT))
    return files.take(descriptor_of(path), len(CONTENT))


def given_back_twice(files: Files, file: File) -> None:
    files.give_back(file)
    files.give_back(file)


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
    old = taken_twice(files, path)
    assert old.blocks(100)(1)[4:] == CONTENT[:100]
    path.unlink()
    path.write_bytes(CONTENT[::-1])
    new = taken_twice(files, path)
    for _ in range(2):
        assert old.blocks(100)(1)[4:] == old[0:100] == CONTENT[:100]
        assert new.blocks(100)(1)[4:] == new[0:100] == CONTENT[::-1][:100]
    given_back_twice(files, old)
    given_back_twice(files, new)


def test_a_file_written_anew_in_its_place_is_another(path: Path) -> None:
    """Of the same size, even."""
    files = Files()
    old = taken_twice(files, path)
    assert old.blocks(100)(1)[4:] == CONTENT[:100]
    path.write_bytes(CONTENT[::-1])
    new = taken_twice(files, path)
    assert new.blocks(100)(1)[4:] == CONTENT[::-1][:100]
    given_back_twice(files, old)
    given_back_twice(files, new)


def test_a_file_that_was_cut_short_can_not_be_read(path: Path) -> None:
    files = Files()
    file = taken_twice(files, path)
    os.truncate(path, 70_000)
    with pytest.raises(OSError, match="shorter"):
        file[65_000:66_000]
    with pytest.raises(OSError, match="shorter"):
        file.blocks(1000)(66)
    given_back_twice(files, file)


@given(st.integers(8, 65_464), st.lists(st.integers(0, 10_000), max_size=20))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_shared_packets_are_those_of_one_who_is_alone(
    path: Path, block_size: int, numbers: list[int]
) -> None:
    files = Files()
    alone = files.take(descriptor_of(path), len(CONTENT)).blocks(block_size)
    file = files.take(descriptor_of(path), len(CONTENT))
    for number in numbers:
        block = 1 + number % (len(CONTENT) // block_size + 1)
        assert file.blocks(block_size)(block) == alone(block)
    given_back_twice(files, file)


def test_only_who_is_not_alone_shares_packets(path: Path) -> None:
    files = Files()
    file = files.take(descriptor_of(path), len(CONTENT))
    assert file.blocks(512)(1) is not file.blocks(512)(1)
    assert files.take(descriptor_of(path), len(CONTENT)) is file
    assert file.blocks(512)(1) is file.blocks(512)(1)
    given_back_twice(files, file)


def test_block_sizes_beyond_four_are_served_and_not_kept(path: Path) -> None:
    """A client that asks for every size must not fill the memory."""
    files = Files()
    file = taken_twice(files, path)
    for size in range(100, 120):
        assert file.blocks(size)(1)[4:] == CONTENT[:size]
    assert file.blocks(103)(1) is file.blocks(103)(1)
    assert file.blocks(104)(1) is not file.blocks(104)(1)
    given_back_twice(files, file)


def test_what_is_rendered_for_a_machine_is_shared_with_no_other() -> None:
    """Nor what is rewritten in netascii: both are files in memory, of one length here."""
    files = Files()
    texts = (b"boot cp1\n", "octet"), (b"boot cp2\n", "octet"), (b"boot c1\n", "netascii")
    opened_ones = [opened(text, mode) for text, mode in texts]
    taken = [files.take(*one) for one in opened_ones if one is not None]
    assert [one[0:9] for one in taken] == [b"boot cp1\n", b"boot cp2\n", b"boot c1\r\n"]
    for file in taken:
        files.give_back(file)


def test_nothing_is_left_of_a_file_that_was_given_back(path: Path) -> None:
    """At once, not when Python looks for circles."""
    files = Files()
    file = taken_twice(files, path)
    file.blocks(1408)(1)
    left = weakref.ref(file)
    gc.disable()
    try:
        given_back_twice(files, file)
        del file
        assert left() is None
    finally:
        gc.enable()


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
