"""Programs run from where their packages were unpacked: what a process needs to know to find them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

PROGRAMS = ("usr/sbin", "usr/bin", "sbin", "bin")
LIBRARIES = ("usr/lib/x86_64-linux-gnu", "lib/x86_64-linux-gnu")
PERL = ("etc/perl", "usr/share/perl5", "usr/lib/x86_64-linux-gnu/perl/5.36", "usr/share/perl/5.36")


def environment(tree: Path, outer: Mapping[str, str]) -> dict[str, str]:
    """Variables that put `tree` before the machine's own programs and libraries.

    The tree holds only libraries that this machine lacks and those of the named packages.
    """
    return {
        "PATH": _before(tree, PROGRAMS, outer.get("PATH", "/usr/bin:/bin")),
        "LD_LIBRARY_PATH": _before(tree, LIBRARIES, outer.get("LD_LIBRARY_PATH", "")),
        "PERL5LIB": _before(tree, PERL, outer.get("PERL5LIB", "")),
    }


def _before(tree: Path, folders: tuple[str, ...], outer: str) -> str:
    own = [str(tree / folder) for folder in folders if (tree / folder).is_dir()]
    return ":".join([*own, *([outer] if outer else [])])
