"""A rehearsal's own state folder, held while it runs.

Log, report and consoles stay. The disks of its machines are gigabytes that nobody can use again:
they are removed when it ends, and those of one that was killed when the next one begins.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from provisioner.cli.places import StatePlace

_DISKS = "*/*.qcow2"


@contextmanager
def rehearsal_folder(rehearsals: Path, name: str) -> Generator[StatePlace]:
    """A new folder in `rehearsals`, called `name` or, if there is one, `name-2` and so on."""
    place = StatePlace(_made(rehearsals, name).resolve())
    try:
        with _hold(place.root, fcntl.LOCK_EX):
            _remove_disks_of_ended(rehearsals)
            yield place
    finally:
        _remove_disks_of_ended(rehearsals)


def _made(rehearsals: Path, name: str) -> Path:
    rehearsals.mkdir(parents=True, exist_ok=True)
    number = 1
    while True:
        folder = rehearsals / (name if number == 1 else f"{name}-{number}")
        try:
            folder.mkdir()
        except FileExistsError:
            number += 1
        else:
            return folder


@contextmanager
def _hold(folder: Path, how: int) -> Generator[None]:
    """Hold `folder`, as flock(2) does. Raises BlockingIOError if `how` is not to wait for it."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, how)
        yield
    finally:
        os.close(descriptor)


def _remove_disks_of_ended(rehearsals: Path) -> None:
    for folder in filter(Path.is_dir, rehearsals.iterdir()):
        with suppress(BlockingIOError), _hold(folder, fcntl.LOCK_EX | fcntl.LOCK_NB):
            for disk in StatePlace(folder).machines.glob(_DISKS):
                disk.unlink(missing_ok=True)
