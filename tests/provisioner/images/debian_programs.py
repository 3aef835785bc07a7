"""The programs that any Debian with apt has, apart from the many that a developer's machine has."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

APT = frozenset({"apt", "gpgv"})
PROGRAMS = frozenset(map(Path, ("/bin", "/sbin", "/usr/bin", "/usr/sbin")))


def link_programs(folder: Path) -> None:
    """Make `folder`, to be the whole PATH of a child."""
    folder.mkdir()
    for program in _programs():
        link = folder / program.name
        link.unlink(missing_ok=True)
        link.symlink_to(program)


def _programs() -> Iterator[Path]:
    for line in _asked("--show", "--showformat=${Package} ${Essential} ${Priority}\n"):
        package, essential, priority = line.split()
        if essential == "yes" or priority == "required" or package in APT:
            files = map(Path, _asked("--listfiles", package))
            yield from (file for file in files if file.parent in PROGRAMS)


def _asked(*arguments: str) -> list[str]:
    command = ("dpkg-query", *arguments)
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
