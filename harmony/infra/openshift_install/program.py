"""The installer as a file that can be executed: the store of assets keeps contents, not modes."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from inventory.contribution import Artifact

NAME = "openshift-install"


def executable(artifact: Artifact, folder: Path) -> Path:
    """The artifact itself if it may be executed, else a copy in `folder`, made once. Raises OSError."""
    if os.access(artifact.path, os.X_OK):
        return Path(artifact.path)
    path = folder / artifact.sha256 / NAME
    if path.exists():
        return path
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = path.with_name(f"{NAME}.{os.getpid()}.new")
    with Path(artifact.path).open("rb") as source, beside.open("wb") as copy:
        shutil.copyfileobj(source, copy)
        beside.chmod(0o700)
        copy.flush()
        os.fsync(copy.fileno())
    return beside.rename(path)
