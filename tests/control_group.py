"""A control group of a test's own. The kernel keeps one whose test was killed: the next test removes it."""

from __future__ import annotations

import contextlib
import fcntl
import os
import tempfile
import time
from collections.abc import Generator
from pathlib import Path

PREFIX = "harmony-test-"


@contextlib.contextmanager
def control_group() -> Generator[Path]:
    """Its folder; it is gone afterwards. What runs in it must have been ended by then."""
    groups = folder_of_all()
    with _held(groups, fcntl.LOCK_EX):
        _remove_stale(groups)
        group = Path(tempfile.mkdtemp(prefix=PREFIX, dir=groups))
        used = contextlib.ExitStack()
        used.enter_context(_held(group, fcntl.LOCK_EX))
    with used:
        try:
            yield group
        finally:
            _remove(group)


def folder_of_all() -> Path:
    """Where version 2 is mounted; beside version 1 it has a folder of its own."""
    mixed = Path("/sys/fs/cgroup/unified")
    return mixed if mixed.is_dir() else Path("/sys/fs/cgroup")


@contextlib.contextmanager
def _held(folder: Path, how: int) -> Generator[None]:
    """As flock(2) does: the kernel frees what a dead test held."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, how)
        yield
    finally:
        os.close(descriptor)


def _remove_stale(groups: Path) -> None:
    for group in groups.glob(f"{PREFIX}*"):
        with (
            contextlib.suppress(BlockingIOError),
            _held(group, fcntl.LOCK_EX | fcntl.LOCK_NB),
        ):
            _remove(group)


def _remove(group: Path) -> None:
    """Its processes have been killed; a control group can be removed when the last is gone."""
    deadline = time.monotonic() + 30
    inside = sorted(group.rglob("*/"), reverse=True)
    while time.monotonic() < deadline:
        try:
            for folder in (*inside, group):
                if folder.is_dir():
                    folder.rmdir()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{group} still has processes")
