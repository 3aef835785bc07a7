"""Who is measured: we or a peer, started afresh in an empty folder each time."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.wire import Wire


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


def ended(process: subprocess.Popen[str]) -> None:
    """Killed and buried."""
    process.kill()
    process.wait()
