"""The newc cpio archive a Linux kernel unpacks as its first root (Documentation/.../initramfs buffer format).

Everything belongs to root, has no time, and is written in the order given: the same entries make the
same bytes on every machine.
"""

from __future__ import annotations

import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath


@dataclass(frozen=True, slots=True)
class RegularFile:
    """`path` is absolute in the ramdisk."""

    path: str
    content: bytes
    mode: int = 0o644


@dataclass(frozen=True, slots=True)
class SymbolicLink:
    path: str
    target: str


@dataclass(frozen=True, slots=True)
class CharacterDevice:
    path: str
    major: int
    minor: int
    mode: int = 0o600


Entry = RegularFile | SymbolicLink | CharacterDevice

_FIELDS = 13


def archive(entries: Iterable[Entry]) -> bytes:
    """The whole archive, with every parent directory before what is in it."""
    blocks: list[bytes] = []
    directories: set[str] = {"/"}
    for number, entry in enumerate(entries, start=1):
        for parent in reversed(PurePosixPath(entry.path).parents):
            if str(parent) not in directories:
                directories.add(str(parent))
                blocks.extend(_member(str(parent), stat.S_IFDIR | 0o755, b"", inode=0))
        blocks.extend(_entry(entry, number))
    blocks.extend(_member("/TRAILER!!!", 0, b"", inode=0))
    return b"".join(blocks)


def _entry(entry: Entry, number: int) -> Iterator[bytes]:
    match entry:
        case RegularFile(path, content, mode):
            return _member(path, stat.S_IFREG | mode, content, inode=number)
        case SymbolicLink(path, target):
            return _member(path, stat.S_IFLNK | 0o777, target.encode(), inode=number)
        case CharacterDevice(path, major, minor, mode):
            return _member(path, stat.S_IFCHR | mode, b"", inode=number, device=(major, minor))


def _member(
    path: str, mode: int, content: bytes, *, inode: int, device: tuple[int, int] = (0, 0)
) -> Iterator[bytes]:
    name = path.lstrip("/").encode() + b"\0"
    fields = (inode, mode, 0, 0, 1, 0, len(content), 0, 0, *device, len(name), 0)
    assert len(fields) == _FIELDS
    header = b"070701" + b"".join(b"%08x" % field for field in fields)
    yield _padded(header + name)
    yield _padded(content)


def _padded(block: bytes) -> bytes:
    return block + b"\0" * (-len(block) % 4)
