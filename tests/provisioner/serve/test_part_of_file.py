from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from provisioner.protocol.http.byte_range import Part
from provisioner.serve.part_of_file import PartOfFile

pytestmark = pytest.mark.protocol

MIB = 1024 * 1024
SIZE = 3 * MIB + 10


@pytest.fixture
def descriptor(tmp_path: Path) -> Iterator[int]:
    """Of a file that is on the disk, and in memory."""
    path = tmp_path / "image"
    path.write_bytes(bytes(SIZE))
    opened = os.open(path, os.O_RDONLY)
    os.fsync(opened)
    yield opened
    os.close(opened)


def part_of(descriptor: int, first: int = 0, last: int = SIZE - 1) -> PartOfFile:
    return PartOfFile(os.dup(descriptor), Part(first, last, SIZE))


def sizes_of(part: PartOfFile) -> list[int]:
    """What is at hand each time that what was before has been sent; 0 where it had to be read."""
    found: list[int] = []
    while part.left:
        found.append(part.at_hand())
        if not found[-1]:
            part.reading()(True)
        else:
            part.position += found[-1]
    part.close()
    return found


def test_what_is_in_memory_is_at_hand(descriptor: int) -> None:
    assert sizes_of(part_of(descriptor)) == [MIB, MIB, MIB, 10]
    assert sizes_of(part_of(descriptor, MIB - 5, 2 * MIB)) == [MIB, 6]
    assert sizes_of(part_of(descriptor, 7, 7)) == [1]


def test_what_is_sent_in_pieces_is_at_hand_to_its_end(descriptor: int) -> None:
    part = part_of(descriptor)
    assert part.at_hand() == MIB
    part.position += 100
    assert (part.at_hand(), part.left) == (MIB - 100, SIZE - 100)
    part.close()


def test_what_is_not_in_memory_is_read_first(descriptor: int) -> None:
    part = part_of(descriptor)
    if not dropped(descriptor, part):
        pytest.skip("this file system keeps its files in memory")
    assert part.at_hand() == 0
    reading = part.reading()
    assert part.at_hand() == MIB  # whatever comes of the reading: it must go on
    part.close()
    reading(True)
    again = part_of(descriptor)
    assert again.at_hand() == MIB
    again.close()


def dropped(descriptor: int, part: PartOfFile) -> bool:
    os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    return part.at_hand() == 0


def test_a_file_that_is_shorter_now_is_the_senders_affair(tmp_path: Path) -> None:
    path = tmp_path / "short"
    path.write_bytes(b"short")
    part = PartOfFile(os.open(path, os.O_RDONLY), Part(0, SIZE - 1, SIZE))
    assert part.at_hand() == MIB
    part.reading()(True)
    part.close()


def test_a_reading_that_is_not_wanted_any_more_only_lets_go(descriptor: int) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    part = part_of(descriptor)
    part.reading()(False)
    part.close()
    assert len(list(Path("/proc/self/fd").iterdir())) == before
