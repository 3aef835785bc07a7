"""dnsperf: as many DNS questions as are answered."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Address
from pathlib import Path

_RATE = re.compile(r"^\s+Queries per second:\s+([\d.]+)$", re.MULTILINE)
_LOST = re.compile(r"^\s+Queries lost:\s+(\d+)", re.MULTILINE)
_CODES = re.compile(r"^\s+Response codes:\s+(.+)$", re.MULTILINE)
_OUTSTANDING = 100


def command(server: IPv4Address, questions: Path, seconds: int) -> tuple[str, ...]:
    """`questions` has a name and a type a line."""
    load = ("-c", "8", "-T", "1", "-q", str(_OUTSTANDING), "-l", str(seconds))
    return ("dnsperf", "-s", str(server), "-d", str(questions), *load)


@dataclass(frozen=True, slots=True)
class Report:
    """`codes` has how many answers there were of each."""

    queries_a_second: float
    lost: int
    codes: dict[str, int]


def parse(output: str) -> Report:
    """What it prints at its end; ValueError if that isn't there."""
    rate, lost, codes = (one.search(output) for one in (_RATE, _LOST, _CODES))
    if rate is None or lost is None or codes is None:
        raise ValueError(f"dnsperf tells no rate: {output[-500:]}")
    counted = {name: int(count) for name, count in re.findall(r"(\w+) (\d+)", codes.group(1))}
    return Report(float(rate.group(1)), int(lost.group(1)), counted)
