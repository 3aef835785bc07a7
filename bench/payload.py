"""Files to be served, of bytes that nothing can compress or guess."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from inventory.contribution import Artifact

MIB = 1 << 20


def payload(path: Path, size: int) -> Path:
    """A file of that size."""
    with path.open("wb") as file:
        for _ in range(size // MIB):
            file.write(os.urandom(MIB))
        file.write(os.urandom(size % MIB))
    return path


def artifact(path: Path) -> Artifact:
    """The file as a contribution names it."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Artifact(path.name, digest, path.stat().st_size, str(path))
