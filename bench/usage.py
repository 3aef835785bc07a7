"""What a server and all that it has started use: memory and processor time, out of /proc."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Generator, Iterable
from pathlib import Path

_EVERY_SECONDS = 0.25
_TICKS = os.sysconf("SC_CLK_TCK")
MB = 1e6


class Usage:
    """Bytes and seconds. PSS counts what several processes share once; `peak` is the most of all looks."""

    def __init__(self, processes: Iterable[int]) -> None:
        self._roots = tuple(processes)
        self._cpu_before = self._cpu()
        self.before = self.peak = self.peak_rss = 0
        self.cpu_seconds = 0.0
        self.look()
        self.before = self.peak

    def look(self) -> None:
        own = family(self._roots)
        self.peak = max(self.peak, sum(memory(one, "Pss") for one in own))
        self.peak_rss = max(self.peak_rss, sum(memory(one, "Rss") for one in own))
        self.cpu_seconds = self._cpu() - self._cpu_before

    def _cpu(self) -> float:
        return sum(cpu_seconds(one) for one in family(self._roots))


@contextlib.contextmanager
def watching(processes: Iterable[int]) -> Generator[Usage]:
    """Looked at again and again while the block runs."""
    usage, stop = Usage(processes), threading.Event()

    def look() -> None:
        while not stop.wait(_EVERY_SECONDS):
            usage.look()

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield usage
        time.sleep(_EVERY_SECONDS)
    finally:
        stop.set()
        thread.join()
        usage.look()


def family(roots: Iterable[int]) -> set[int]:
    """The processes and their descendants."""
    parents = {int(one.name): _parent(one) for one in Path("/proc").iterdir() if one.name.isdigit()}
    found = set(roots)
    grown = True
    while grown:
        more = {one for one, parent in parents.items() if parent in found} - found
        found |= more
        grown = bool(more)
    return found


def memory(process: int, kind: str) -> int:
    """Bytes; 0 of a process that has ended."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{kind}:"))


def cpu_seconds(process: int) -> float:
    """Its own and its buried children's."""
    fields = _stat(Path(f"/proc/{process}"))
    return sum(map(int, fields[11:15])) / _TICKS if fields else 0.0


def _parent(folder: Path) -> int:
    fields = _stat(folder)
    return int(fields[1]) if fields else 0


def _stat(folder: Path) -> list[str]:
    """What follows the name, which may have spaces."""
    try:
        return (folder / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
