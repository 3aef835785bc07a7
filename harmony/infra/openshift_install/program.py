"""The installer as a file that can be executed: the store of assets keeps contents, not modes."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from inventory.contribution import Artifact

NAME = "openshift-install"


def executable(artifact: Artifact, folder: Path) -> Path:
    """The artifact itself if it may be executed, else a copy in `folder`, made once. Raises OSError."""
    if os.access(artifact.path, os.X_OK):
        return Path(artifact.path)
    path = folder / artifact.sha256 / NAME
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _locked(path.parent / "lock"):
        if not path.exists():
            _copy(Path(artifact.path), path)
    return path


def _copy(source: Path, path: Path) -> None:
    """Whole or not at all: half a copy has another name, which the next one takes over."""
    beside = path.with_name(f"{path.name}.new")
    with source.open("rb") as content, beside.open("wb") as copy:
        beside.chmod(0o700)
        shutil.copyfileobj(content, copy)
        copy.flush()
        os.fsync(copy.fileno())
    beside.rename(path)


@contextmanager
def _locked(path: Path) -> Generator[None]:
    """Waits for another that copies the same: two clusters may have one installer."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
