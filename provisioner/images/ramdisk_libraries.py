"""Which shared libraries programs need, read out of their ELF files (System V ABI, chapters 4 and 5).

As `ldd` tells it, but without running anything of a foreign tree.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from pathlib import Path

from provisioner.images.ramdisk_errors import MissingLibrary, RamdiskPartMissing

LOADER = "/lib64/ld-linux-x86-64.so.2"
PT_LOAD, PT_DYNAMIC = 1, 2
DT_NULL, DT_NEEDED, DT_STRTAB = 0, 1, 5


def library_folders() -> tuple[str, ...]:
    """Where Debian keeps libraries on this architecture, relative to the root."""
    return ("lib/x86_64-linux-gnu", "usr/lib/x86_64-linux-gnu")


def needed(elf: bytes) -> tuple[str, ...]:
    """The names of the libraries that a 64-bit little-endian ELF file asks for itself.

    Raises:
        RamdiskPartMissing: it isn't one.
    """
    if elf[:6] != b"\x7fELF\x02\x01":
        raise RamdiskPartMissing("a program of the ramdisk is not an ELF file for x86-64")
    (table,) = struct.unpack_from("<Q", elf, 32)
    size, count = struct.unpack_from("<HH", elf, 54)
    segments = [struct.unpack_from("<IIQQQQQQ", elf, table + i * size) for i in range(count)]
    dynamic = [list(_entries(elf, s[2], s[5])) for s in segments if s[0] == PT_DYNAMIC]
    if not dynamic:
        return ()
    strings = next(value for tag, value in dynamic[0] if tag == DT_STRTAB)
    at = next(
        s[2] + strings - s[3] for s in segments if s[0] == PT_LOAD and 0 <= strings - s[3] < s[5]
    )
    return tuple(_string(elf, at + value) for tag, value in dynamic[0] if tag == DT_NEEDED)


def _entries(elf: bytes, offset: int, length: int) -> Iterator[tuple[int, int]]:
    for tag, value in struct.iter_unpack("<qQ", elf[offset : offset + length]):
        if tag == DT_NULL:
            return
        yield tag, value


def _string(elf: bytes, offset: int) -> str:
    return elf[offset : elf.index(b"\0", offset)].decode()


def closure(tree: Path, programs: Iterable[Path]) -> dict[str, bytes]:
    """Every library that `programs` need, directly or not: name and content.

    Raises:
        MissingLibrary: the unpacked packages in `tree` lack one.
    """
    found: dict[str, bytes] = {}
    waiting = [name for program in programs for name in needed(program.read_bytes())]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = find_library(tree, name).read_bytes()
            waiting += needed(found[name])
    return dict(sorted(found.items()))


def find_library(tree: Path, name: str) -> Path:
    """The file of a library in an unpacked tree."""
    for folder in library_folders():
        if (tree / folder / name).is_file():
            return tree / folder / name
    raise MissingLibrary(f"no unpacked package has {name}")
