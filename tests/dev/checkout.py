"""A copy of `dev` for which everything is set up: it needs no package and its .venv is current."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from tests.structure.tree import ROOT

NOBODY = 65534
INPUTS = ("requirements-build.lock", "requirements.lock", "pyproject.toml")


def let_everybody_in(folder: Path) -> None:
    """Into a folder of pytest's, which keeps those above it to itself."""
    for closed in (folder, *folder.parents):
        if closed == Path(tempfile.gettempdir()):
            break
        closed.chmod(0o755)


def make_checkout(folder: Path) -> None:
    """In `folder`, which any user can reach and which is nobody's."""
    for name in ("dev", *INPUTS):
        (folder / name).write_bytes((ROOT / name).read_bytes())
    (folder / "dev").chmod(0o755)
    (folder / "debian-packages.txt").write_text("# name, then why\nbash  is everywhere\n")
    (folder / ".venv/bin").mkdir(parents=True)
    read = b"".join((folder / name).read_bytes() for name in INPUTS)
    digest = hashlib.sha256(f"{folder}\n".encode() + read).hexdigest()
    (folder / ".venv/installed-from").write_text(f"{digest}  -\n")
    let_everybody_in(folder)
    for path in (folder, *folder.rglob("*")):
        os.chown(path, NOBODY, NOBODY)


def program(path: Path, script: str) -> None:
    """An executable in bash."""
    path.write_text(f"#!/bin/bash\n{script}\n")
    path.chmod(0o755)
