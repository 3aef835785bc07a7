"""`./dev bench [WHAT …] [--quick] [--alone]`: measures, prints a table, writes bench/results/WHAT.json, and
ends with 1 if a figure falls short of its goal."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench import dhcp, dns, http, tftp
from bench.effort import Effort
from bench.figure import Figure
from bench.ground import Ground, ground
from bench.machine import described
from bench.peers.unpacked import versions
from bench.report import write_page
from bench.results import FOLDER, document, write
from bench.say import say
from bench.storm import contest as storm
from bench.storm import growth
from bench.table import shortfalls, table
from inventory.errors import HarmonyError

CONTESTS: dict[str, Callable[[Effort, Ground], Iterator[Figure]]] = {
    "dhcp": dhcp.measure,
    "tftp": tftp.measure,
    "http": http.measure,
    "dns": dns.measure,
    "storm": storm.measure,
    "growth": growth.measure,
}
QUICK = Effort(rounds=1, seconds=3, quick=True)


def run(names: Sequence[str], effort: Effort, results: Path, own: Ground) -> list[Figure]:
    """Measure and keep what came of it, each as soon as it is known."""
    told: list[Figure] = []
    for name in names:
        machine = described(own.seconds_to_sync(), {} if effort.alone else versions(own.cache))
        when = datetime.now(UTC).isoformat(timespec="seconds")
        figures = list(CONTESTS[name](effort, own))
        path = write(results, document(name, when, effort, machine, figures))
        say(f"{name}: written to {path}")
        told += figures
        write_page(results, [*CONTESTS])
    return told


def main(arguments: Sequence[str]) -> int:
    """0 when every goal is reached, 1 when one isn't or something is wrong."""
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument("what", nargs="*", help=f"of {', '.join(CONTESTS)}; all when none is named")
    parser.add_argument("--quick", action="store_true", help="one short round: only a first idea")
    parser.add_argument("--alone", action="store_true", help="without the peers")
    parser.add_argument("--results", type=Path, help=f"the JSON's folder (default: {FOLDER})")
    told = parser.parse_args(arguments)
    if unknown := [name for name in told.what if name not in CONTESTS]:
        parser.error(f"there is no {unknown[0]}, only {', '.join(CONTESTS)}")
    effort = QUICK if told.quick else Effort()
    try:
        with ground() as own:
            chosen = effort.without_peers(told.alone)
            passing = own.cache / "bench" / "results"  # of a run that says little
            results = told.results or (passing if told.quick or told.alone else FOLDER)
            figures = run(told.what or [*CONTESTS], chosen, results, own)
    except HarmonyError as error:
        say(f"bench: {error}")
        return 1
    return told_in_full(figures)


def told_in_full(figures: Sequence[Figure]) -> int:
    """The table, and each figure that falls short; 1 if there is one."""
    sys.stdout.write(table(figures) + "\n")
    short = shortfalls(figures)
    for sentence in short:
        sys.stdout.write(f"FALLS SHORT: {sentence}\n")
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
