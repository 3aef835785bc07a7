"""`python -m bench.storm.crowd`: a crowd powers on within a second; prints what came of it as JSON.

It runs in the client's namespace, where every address of the pool is its own.
"""

from __future__ import annotations

import argparse
import gc
import json
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from bench.percentile import percentile
from bench.storm.dhcp_line import DhcpLine
from bench.storm.loop import Loop
from bench.storm.machine import Machine, Step


@dataclass(frozen=True, slots=True)
class Spread:
    """Seconds."""

    median: float
    p99: float
    most: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """`seconds` from the first power-on to the last machine's end; `dhcp` is DISCOVER to ACK, of PXE and
    of iPXE; `tries` is how many questions were asked by DHCP for each that had to be."""

    machines: int
    booted: int
    gave_up: dict[str, int]
    seconds: float
    own_cpu_seconds: float
    tries: float
    dhcp: Spread
    steps: dict[str, Spread]


class Crowd:
    """All machines of a storm."""

    def __init__(self, count: int, first: int, interface: str) -> None:
        self._loop = Loop()
        line = DhcpLine(self._loop, interface)
        numbers = range(first, first + count)
        self.machines = [Machine(number, self._loop, line, self._one_ended) for number in numbers]
        self._left = count

    def power_on(self, within: float) -> float:
        """Evenly within these seconds; returns when all have booted or given up, with how long it took."""
        start = time.monotonic()
        for at, machine in enumerate(self.machines):
            self._loop.after(within * at / len(self.machines), machine.power_on)
        self._loop.run(lambda: self._left == 0)
        return time.monotonic() - start

    def _one_ended(self) -> None:
        self._left -= 1


def outcome(machines: Sequence[Machine], seconds: float, cpu_seconds: float) -> Outcome:
    """What is told of them."""
    booted = [one for one in machines if one.gave_up is None]
    exchanges = [one.took[step] for one in machines for step in _DHCP if step in one.took]
    return Outcome(
        machines=len(machines),
        booted=len(booted),
        gave_up=dict(Counter(one.gave_up for one in machines if one.gave_up is not None)),
        seconds=seconds,
        own_cpu_seconds=cpu_seconds,
        tries=sum(one.tries for one in booted) / (4 * len(booted)) if booted else 0.0,
        dhcp=spread(exchanges),
        steps={
            step.value: spread([one.took[step] for one in machines if step in one.took])
            for step in Step
        },
    )


_DHCP = (Step.PXE_DHCP, Step.IPXE_DHCP)


def spread(seconds: Iterable[float]) -> Spread:
    own = sorted(seconds)
    return Spread(percentile(own, 50), percentile(own, 99), own[-1] if own else 0.0)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.storm.crowd", description=__doc__)
    parser.add_argument("--machines", type=int, required=True)
    parser.add_argument("--first", type=int, default=1, help="number of the first machine")
    parser.add_argument("--within", type=float, default=1.0, help="seconds for all power-ons")
    parser.add_argument("--interface", required=True)
    told = parser.parse_args(arguments)
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    crowd = Crowd(told.machines, told.first, told.interface)
    gc.freeze()
    seconds = crowd.power_on(told.within)
    result = outcome(crowd.machines, seconds, time.process_time())
    sys.stdout.write(json.dumps(asdict(result)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
