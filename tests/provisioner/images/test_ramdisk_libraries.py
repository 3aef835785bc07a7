"""Which libraries programs need, compared with what the dynamic loader itself says."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from provisioner.images.ramdisk_errors import MissingLibrary, RamdiskPartMissing
from provisioner.images.ramdisk_libraries import closure, library_folders, needed

pytestmark = pytest.mark.unit

PROGRAM = Path("/usr/bin/python3.11")


def listed_by_ldd(program: Path) -> set[str]:
    answer = subprocess.run(["ldd", str(program)], check=True, capture_output=True, text=True)
    names = (Path(line.split()[0]).name for line in answer.stdout.splitlines())
    return {name for name in names if not name.startswith("linux-vdso")}


def test_the_closure_is_what_the_loader_loads(tmp_path: Path) -> None:
    folder = tmp_path / library_folders()[0]
    folder.mkdir(parents=True)
    for name in listed_by_ldd(PROGRAM):
        found = next(
            Path("/", place, name)
            for place in (*library_folders(), "lib64")
            if Path("/", place, name).exists()
        )
        shutil.copyfile(found, folder / name)
    assert set(closure(tmp_path, [PROGRAM])) == listed_by_ldd(PROGRAM)


def test_a_static_program_needs_nothing() -> None:
    header = b"\x7fELF\x02\x01" + bytes(58)
    assert needed(header) == ()


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingLibrary, match=r"libc\.so\.6|lib"):
        closure(tmp_path, [PROGRAM])


@pytest.mark.parametrize("content", [b"", b"#!/bin/sh\n", b"\x7fELF\x01\x01"])
def test_what_is_no_program_of_this_architecture(content: bytes) -> None:
    with pytest.raises(RamdiskPartMissing):
        needed(content)
