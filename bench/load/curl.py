"""curl: one client, or many at once, over TFTP or HTTP."""

from __future__ import annotations

import shlex
from dataclasses import dataclass

_TOLD = "%{size_download} %{time_total} %{exitcode}\\n"


@dataclass(frozen=True, slots=True)
class Fetched:
    """One download."""

    size: int
    seconds: float
    exit_code: int

    @property
    def megabytes_a_second(self) -> float:
        return self.size / self.seconds / 1e6


def command(url: str, *options: str) -> tuple[str, ...]:
    """The content is thrown away."""
    return ("curl", "--silent", "--output", "/dev/null", "--write-out", _TOLD, *options, url)


def many(count: int, one: tuple[str, ...]) -> tuple[str, ...]:
    """That many of them, each a process, started together; ends with the last."""
    each = f"for _ in $(seq {count}); do {shlex.join(one)} & done; wait"
    return ("sh", "-c", each)


def parse(output: str) -> list[Fetched]:
    """What it said of each download; ValueError for anything else."""
    return [_fetched(line) for line in output.splitlines()]


def _fetched(line: str) -> Fetched:
    size, seconds, code = line.split()
    return Fetched(int(size), float(seconds), int(code))
