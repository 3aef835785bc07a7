"""wrk: many HTTP requests over connections that are kept."""

from __future__ import annotations

import re
from dataclasses import dataclass

_UNITS = {"us": 1e-3, "ms": 1.0, "s": 1e3, "m": 6e4}
_RATE = re.compile(r"^Requests/sec:\s+([\d.]+)$", re.MULTILINE)
_P99 = re.compile(r"^\s+99%\s+([\d.]+)(us|ms|s|m)$", re.MULTILINE)
_REFUSED = re.compile(r"^\s+Non-2xx or 3xx responses: (\d+)$", re.MULTILINE)
_ERRORS = re.compile(r"^\s+Socket errors: (.+)$", re.MULTILINE)


def command(url: str, connections: int, seconds: int) -> tuple[str, ...]:
    """Of two threads."""
    load = ("--threads", "2", "--connections", str(connections), "--duration", f"{seconds}s")
    return ("wrk", "--latency", *load, url)


@dataclass(frozen=True, slots=True)
class Report:
    """`failed` counts the answers that were none and the connections that broke."""

    requests_a_second: float
    p99_ms: float
    failed: int


def parse(output: str) -> Report:
    """What it prints at its end; ValueError if that isn't there."""
    rate, p99 = _RATE.search(output), _P99.search(output)
    if rate is None or p99 is None:
        raise ValueError(f"wrk tells no rate: {output[-500:]}")
    refused, errors = _REFUSED.search(output), _ERRORS.search(output)
    failed = int(refused.group(1)) if refused else 0
    failed += sum(map(int, re.findall(r"\d+", errors.group(1)))) if errors else 0
    return Report(float(rate.group(1)), float(p99.group(1)) * _UNITS[p99.group(2)], failed)
