"""Growth: the storm with ever more machines, and a host added to a declaration of thousands."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from ipaddress import IPv4Address
from itertools import pairwise
from pathlib import Path

from bench.effort import Effort
from bench.figure import OURS, AtMost, Figure
from bench.gathered import Gathered
from bench.ground import Ground
from bench.say import say
from bench.storm.contest import Storm, described_in_words, files, shipped, storm_on, wish
from bench.storm.message import mac_of
from bench.storm.newcomer import wait_for
from bench.subject import Place, alive
from bench.wire import CLIENT_INTERFACE, wire
from inventory.host import Host, Nic

SIZES = (100, 1000, 4000)
FLAT = AtMost(1.3)
GAVE_UP = "growth: machines that gave up, at any size"
TIME = "growth: time a machine, of a storm to the next smaller one's, at worst"
CPU = "growth: the daemon's processor time a machine, likewise"
MEMORY = "growth: memory a machine, likewise"
SPENT: dict[str, Callable[[Storm], float]] = {
    TIME: lambda storm: storm.number("seconds"),
    CPU: lambda storm: storm.usage.cpu_seconds,
    MEMORY: lambda storm: storm.usage.peak - storm.usage.before,
}
LIVE = f"growth: a host added to {SIZES[-1]:,} is live"
SILENCE = "growth: the longest silence meanwhile"
_NEWCOMER = 1 << 24
_NEW_ADDRESS = IPv4Address("10.16.200.1")
_PATIENCE = 60.0
_SETTLED = 0.3


def measure(effort: Effort, ground: Ground) -> Iterator[Figure]:
    """Each storm finds a daemon newly started."""
    found = Gathered()
    sizes = [max(round(size * effort.scale), 2) for size in SIZES]
    with files(ground) as served:
        for number in range(effort.rounds):
            storms = [_storm(ground, served, size) for size in sizes]
            for size, storm in zip(sizes, storms, strict=True):
                say(f"growth, round {number + 1}: {size}: {described_in_words(storm)}")
            found.add(GAVE_UP, OURS, sum(storm.gave_up for storm in storms))
            for what, spent in SPENT.items():
                found.add(what, OURS, growth_of(spent, storms))
            _add_host(ground, served, sizes[-1], found)
    yield found.figure(GAVE_UP, "machines", AtMost(0))
    for what in SPENT:
        yield found.figure(what, "ratio", FLAT)
    yield found.figure(LIVE, "s", AtMost(1.0))
    yield found.figure(SILENCE, "s", None)


def _storm(ground: Ground, served: Path, machines: int) -> Storm:
    with alive(shipped(served).subject, ground) as (place, running):
        return storm_on(place, running, machines)


def growth_of(spent: Callable[[Storm], float], storms: Sequence[Storm]) -> float:
    """How much more a machine takes in a storm than in the next smaller one, where that is the most. What
    every storm takes weighs heaviest on the smallest: beside that one alone, any growth would look small."""
    each = [spent(storm) / storm.number("machines") for storm in storms]
    return max(large / small if small > 0 else 0.0 for small, large in pairwise(each))


def _add_host(ground: Ground, served: Path, declared: int, found: Gathered) -> None:
    """From the moment at which the new declaration is put until the new host is offered its address."""
    new = Host("new", [Nic(mac_of(_NEWCOMER).hex(":"))], address=str(_NEW_ADDRESS))
    before, after = (wish(served, declared, *more) for more in ((), (new,)))
    with (
        ground.fresh() as folder,
        wire() as joined,
        shipped(served).running(Place(joined, folder)) as daemon,
        ThreadPoolExecutor(1) as pool,
    ):
        daemon.put(before).raise_for_status()
        process = daemon.pid
        ask = partial(wait_for, _NEWCOMER, _NEW_ADDRESS, CLIENT_INTERFACE, _PATIENCE)
        asking = pool.submit(joined.client.call, ask)
        time.sleep(_SETTLED)
        start = time.monotonic()
        daemon.put(after).raise_for_status()
        waited = asking.result()
        assert daemon.pid == process, "the daemon was started again"
    found.add(LIVE, OURS, waited.offered - start)
    found.add(SILENCE, OURS, waited.silence)
