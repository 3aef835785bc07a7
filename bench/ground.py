"""Where a run keeps its files: on a disk, one run at a time, everything of the last one removed."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from inventory.errors import OperatorError
from provisioner.cli.places import cache_folder


@dataclass(frozen=True, slots=True)
class Ground:
    """`folder` is empty at the beginning; `cache` has the unpacked peers and what was made once."""

    folder: Path
    cache: Path

    @contextlib.contextmanager
    def fresh(self) -> Generator[Path]:
        """A new folder for one life of one server."""
        with tempfile.TemporaryDirectory(dir=self.folder) as path:
            yield Path(path)

    def seconds_to_sync(self) -> float:
        """The median time of fdatasync after 4 KiB more, as leases are written."""
        with tempfile.TemporaryFile(dir=self.folder) as file:
            return median(_synced(file.fileno()) for _ in range(50))


@contextlib.contextmanager
def ground() -> Generator[Ground]:
    """Raises OperatorError if another run is under way: each would spoil the other's figures."""
    cache = cache_folder().absolute()
    folder = cache / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise OperatorError(
                "another bench is running: its figures and these would be wrong"
            ) from None
        work = folder / "run"
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir()
        try:
            yield Ground(work, cache)
        finally:
            shutil.rmtree(work, ignore_errors=True)


def _synced(descriptor: int) -> float:
    os.write(descriptor, bytes(4096))
    start = time.perf_counter()
    os.fdatasync(descriptor)
    return time.perf_counter() - start
