"""`provisioner serve SITE.py`: a site's boot services and Scores on this jump host."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import signal
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from harmony.domain.order import AnyScore
from harmony.domain.outcome import Outcome
from harmony.maestro import Maestro
from inventory.diagnostic import Severity
from inventory.errors import OperatorError
from inventory.render import render_all
from inventory.site import Site
from provisioner.cli.carry_out import Run, carry_out, services
from provisioner.cli.check import judged
from provisioner.cli.declaration_file import declaration_digest
from provisioner.cli.image_builds import ImageBuilds
from provisioner.cli.known import KINDS, PRODUCTION, TOPOLOGIES, builds_of
from provisioner.cli.places import StatePlace, cache_folder
from provisioner.cli.rehearsal_records import RehearsalRecords
from provisioner.cli.rehearsed import rehearsed_words
from provisioner.cli.site_run import bare_metal_run
from provisioner.cli.views import Lines, Log, Watch
from provisioner.serve.notify import notify


def serve_site(site_file: Path, state: Path, *, require_rehearsal: bool) -> int:
    """Returns when stopped: 0 after SIGTERM, 130 after Ctrl-C; 1 for a faulty declaration.

    Raises OperatorError if the state is in use, the declaration has not been rehearsed though that
    was required, or the daemon refuses to serve.
    """
    declaration, scores, found = judged(site_file, PRODUCTION, KINDS, TOPOLOGIES)
    if found:
        print(render_all(found, declaration.sources, colour=sys.stdout.isatty()))
    if declaration.site is None or any(one.severity is Severity.ERROR for one in found):
        return 1
    site = declaration.site
    passed, words = rehearsed_words(RehearsalRecords(site_file), declaration_digest(site, scores))
    if require_rehearsal and not passed:
        raise OperatorError(f"{words}; run `provisioner rehearse {site_file.name}` first")
    place = StatePlace(state.resolve())
    place.root.mkdir(parents=True, exist_ok=True)
    with _alone(place), Log(place.log) as log:
        watch = Watch((Lines(sys.stdout), log))
        watch.say(words)
        return asyncio.run(_serve(site, scores, place, watch))


@contextlib.contextmanager
def _alone(place: StatePlace) -> Iterator[None]:
    """Two commands never carry one site out; the lock goes with the process, however it ends."""
    with place.command_lock.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.seek(0)
            pid = lock.read().strip() or "unknown"
            raise OperatorError(
                f"`provisioner serve` already runs on {place.root} (process {pid}); "
                "stop that one, or give this one another --state"
            ) from error
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


async def _serve(site: Site, scores: tuple[AnyScore, ...], place: StatePlace, watch: Watch) -> int:
    names = builds_of(scores)
    builds = ImageBuilds(cache_folder(), place.build_log, watch.tell, names=names)
    run, topology = bare_metal_run(site, place, builds, watch)
    maestro: Maestro[Any] = Maestro(topology, kinds=KINDS, topologies=TOPOLOGIES)
    maestro.register(*scores)
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stopped.set)
    loop.add_signal_handler(signal.SIGINT, stopped.set)
    async with services(run) as group:
        notify("READY=1", os.environ.get("NOTIFY_SOCKET"))
        await _until_stopped(run, maestro, stopped, group)
    watch.say("stopping")
    await run.daemon.stop()
    return 0


async def _until_stopped(
    run: Run, maestro: Maestro[Any], stopped: asyncio.Event, group: asyncio.TaskGroup
) -> None:
    """The Scores and then their upkeep; one that failed is told, and tried again in a while."""
    work = group.create_task(
        carry_out(run, maestro, keep=True, ended=lambda outcomes: _tell_end(run, outcomes))
    )
    await stopped.wait()
    work.cancel()


def _tell_end(run: Run, outcomes: Mapping[str, Outcome]) -> None:
    bad = [key for key, outcome in outcomes.items() if not outcome.status.good]
    if bad:
        run.watch.say(f"not carried out: {', '.join(bad)}; machines are served all the same")
    else:
        run.watch.say("handed over: every Score is carried out; serving goes on")
