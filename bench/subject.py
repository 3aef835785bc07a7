"""Who is measured: we or a peer, started afresh in an empty folder each time."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path

from bench.ground import Ground
from bench.wire import Wire, wire


@dataclass(frozen=True, slots=True)
class Place:
    """The wire on whose server side it is to run, and a folder on disk for its files."""

    wire: Wire
    folder: Path


@dataclass(frozen=True, slots=True)
class Running:
    """`processes` are those that were started; what they have started themselves is found by them."""

    processes: tuple[int, ...]


Start = Callable[[Place], contextlib.AbstractContextManager[Running]]


@dataclass(frozen=True, slots=True)
class Subject:
    """`start` returns when it answers."""

    name: str
    start: Start


@contextlib.contextmanager
def alive(subject: Subject, ground: Ground) -> Generator[tuple[Place, Running]]:
    """One life of it, on a wire and in a folder of its own."""
    with ground.fresh() as folder, wire() as joined:
        place = Place(joined, folder)
        with subject.start(place) as running:
            yield place, running


def ended(process: subprocess.Popen[str]) -> None:
    """Killed and buried."""
    process.kill()
    process.wait()


def stopped(process: subprocess.Popen[str], seconds: float = 10.0) -> None:
    """Told to stop, so that it ends its own children; killed if it doesn't."""
    process.terminate()
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        ended(process)
