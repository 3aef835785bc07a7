"""TFTP: one client by blocks, one by windows of 16 blocks, and 64 clients at once."""

from __future__ import annotations

import filecmp
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from bench.effort import Effort
from bench.figure import AtMost, Figure, TimesBest
from bench.gathered import Gathered
from bench.ground import Ground
from bench.load import atftp, curl
from bench.ours import Shipped
from bench.payload import MIB, payload
from bench.peers import dnsmasq, tftpd
from bench.peers.unpacked import unpacked
from bench.say import say
from bench.subject import Place, Subject, alive
from bench.wire import SERVER, Wire

BLOCK = 1408
WINDOW = 16
CLIENTS = 64
LARGE, SMALL = "snponly.efi", "undionly.kpxe"
"""Names that our daemon serves."""
ONE = f"TFTP: one client, blksize {BLOCK}"
WINDOWED = f"TFTP: one client, blksize {BLOCK}, windowsize {WINDOW}"
TOTAL = f"TFTP: {CLIENTS} clients at once, total"
SPREAD = f"TFTP: {CLIENTS} clients at once, the slowest's time to the median's"
_BEST = (dnsmasq.NAME, tftpd.HPA)
_REPEATS = 3


def measure(effort: Effort, ground: Ground) -> Iterator[Figure]:
    """Every server serves the same two files."""
    found = Gathered()
    with ground.fresh() as files:
        payload(files / LARGE, round(64 * MIB * effort.scale))
        payload(files / SMALL, round(4 * MIB * effort.scale))
        for number in range(effort.rounds):
            for subject in subjects(effort, ground, files):
                with alive(subject, ground) as (place, _):
                    _round(place, subject.name, files, found)
                say(f"tftp, round {number + 1}: {subject.name}: done")
    yield found.figure(ONE, "MB/s", TimesBest(1.5, _BEST))
    yield found.figure(WINDOWED, "MB/s", TimesBest(3.0, _BEST))
    yield found.figure(TOTAL, "MB/s", TimesBest(1.0, _BEST))
    yield found.figure(SPREAD, "ratio", AtMost(3.0))


def subjects(effort: Effort, ground: Ground, files: Path) -> list[Subject]:
    """We and, unless alone, the peers; atftpd only for reference."""
    ours = Shipped(programs=files).subject
    if effort.alone:
        return [ours]
    hpa = tftpd.hpa(unpacked("tftpd-hpa", ground.cache), files)
    atftpd = tftpd.atftpd(unpacked("atftpd", ground.cache), files)
    return [ours, dnsmasq.tftp(files), hpa, atftpd]


def _round(place: Place, name: str, files: Path, found: Gathered) -> None:
    joined = place.wire
    size, small = ((files / one).stat().st_size for one in (LARGE, SMALL))
    singles = [_one(joined, size) for _ in range(_REPEATS)]
    _require_content(joined, files / LARGE, place.folder / "fetched")
    windows = [_windowed(joined, size) for _ in range(_REPEATS)]
    total, spread = _crowd(joined, small)
    found.add(ONE, name, median(singles))
    found.add(WINDOWED, name, median(windows))
    found.add(TOTAL, name, total)
    found.add(SPREAD, name, spread)


def _one(joined: Wire, size: int) -> float:
    command = curl.command(_url(LARGE), "--tftp-blksize", str(BLOCK))
    (fetched,) = curl.parse(joined.client.run(*command, timeout=120).stdout)
    assert fetched.size == size, f"{fetched} of {size} bytes"
    return fetched.megabytes_a_second


def _windowed(joined: Wire, size: int) -> float:
    start = time.perf_counter()
    joined.client.run(*atftp.command(SERVER, LARGE, "/dev/null", BLOCK, WINDOW), timeout=120)
    return size / (time.perf_counter() - start) / 1e6


def _require_content(joined: Wire, file: Path, into: Path) -> None:
    """Windows put together in a wrong order would be fast, too."""
    joined.client.run(*atftp.command(SERVER, LARGE, str(into), BLOCK, WINDOW), timeout=120)
    assert filecmp.cmp(file, into, shallow=False), "what came isn't what is served"


def _crowd(joined: Wire, size: int) -> tuple[float, float]:
    """The rate of all together, and how much longer than usual the last of them took."""
    one = curl.command(_url(SMALL), "--tftp-blksize", str(BLOCK))
    start = time.perf_counter()
    told = joined.client.run(*curl.many(CLIENTS, one), timeout=300).stdout
    seconds = time.perf_counter() - start
    fetched = curl.parse(told)
    assert [one.size for one in fetched] == [size] * CLIENTS, f"not everybody got it: {fetched}"
    times = [one.seconds for one in fetched]
    return CLIENTS * size / seconds / 1e6, max(times) / median(times)


def _url(file: str) -> str:
    return f"tftp://{SERVER}/{file}"
