"""`provisioner serve SITE.py`: a site's boot services and Scores on this jump host."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import signal
import sys
from collections.abc import Callable, Generator, Mapping, Sequence
from pathlib import Path
from typing import Any

from harmony.domain.outcome import Outcome
from harmony.maestro import Maestro
from inventory.diagnostic import Severity
from inventory.errors import OperatorError
from inventory.render import render_all
from provisioner.cli.carry_out import Run, carry_out, services
from provisioner.cli.check import judged
from provisioner.cli.declaration_file import declaration_digest
from provisioner.cli.image_builds import BUILDER, ImageBuilds
from provisioner.cli.known import KINDS, PRODUCTION, TOPOLOGIES, builds_of
from provisioner.cli.places import StatePlace, cache_folder
from provisioner.cli.rehearsal_records import RehearsalRecords
from provisioner.cli.rehearsed import other_images, rehearsed_words
from provisioner.cli.report import Report
from provisioner.cli.site_run import bare_metal_run
from provisioner.cli.views import DATED, Lines, Log, Watch
from provisioner.serve.notify import notify


def serve_site(
    site_file: Path,
    state: Path,
    *,
    require_rehearsal: bool,
    join: bool = False,
    builder: Sequence[str] = BUILDER,
    kubernetes_binaries: Path | None = None,
) -> int:
    """Returns when stopped: 0 after SIGTERM, 130 after Ctrl-C; 1 for a faulty declaration. With
    `join` systemd keeps the daemon: it is waited for, neither started nor stopped.

    Raises OperatorError if the state is in use, the declaration has not been rehearsed though that
    was required, or the site can't be served; ImageBuildError if the boot programs of a daemon of its
    own can't be built: any other image is tried again.
    """
    declaration, scores, found = judged(site_file, PRODUCTION, KINDS, TOPOLOGIES)
    if found:
        print(render_all(found, declaration.sources, colour=sys.stdout.isatty()))
    if declaration.site is None or any(one.severity is Severity.ERROR for one in found):
        return 1
    site = declaration.site
    records, digest = RehearsalRecords(site_file), declaration_digest(site, scores)
    passed, words = rehearsed_words(records, digest)
    if require_rehearsal and not passed:
        raise OperatorError(f"{words}; run `provisioner rehearse {site_file.name}` first")
    place = StatePlace(state.resolve())
    place.root.mkdir(parents=True, exist_ok=True)
    with _alone(place), Log(place.log) as log:
        place.site_file.write_text(str(site_file.resolve()))
        watch = Watch((Lines(sys.stdout, stamp=DATED), log))
        watch.say(f"the full log: {place.log}")
        watch.say(words)
        builds = ImageBuilds(
            cache_folder(),
            place.build_log,
            watch.tell,
            names=builds_of(scores),
            builder=builder,
            kubernetes_binaries=kubernetes_binaries,
        )
        run, topology = bare_metal_run(site, scores, place, builds, watch, join=join)
        maestro: Maestro[Any] = Maestro(topology, kinds=KINDS, topologies=TOPOLOGIES)
        maestro.register(*scores)
        return asyncio.run(_serve(run, maestro, records.of(digest), log.say))


@contextlib.contextmanager
def _alone(place: StatePlace) -> Generator[None]:
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


async def _serve(
    run: Run, maestro: Maestro[Any], rehearsed: Report | None, note: Callable[[str], None]
) -> int:
    # A request cancelled in the turn in which its socket became ready makes anyio set a result twice:
    # harmless, and for the log; what ends the command comes out of the task group below.
    asyncio.get_running_loop().set_exception_handler(lambda _, told: note(f"asyncio: {told}"))
    stopped: asyncio.Queue[int] = asyncio.Queue()
    for number, code in ((signal.SIGTERM, 0), (signal.SIGINT, 130)):
        asyncio.get_running_loop().add_signal_handler(number, stopped.put_nowait, code)
    code = 1
    try:
        async with services(run) as group:
            notify("READY=1", os.environ.get("NOTIFY_SOCKET"))
            parts = (
                group.create_task(_carry_out(run, maestro)),
                group.create_task(_compare_images(run, rehearsed)),
            )
            code = await stopped.get()
            run.watch.say("stopping")
            notify("STOPPING=1", os.environ.get("NOTIFY_SOCKET"))
            for part in parts:
                part.cancel()
    except BaseException:
        await run.daemon.stop_own()
        raise
    await run.daemon.stop()
    return code


async def _carry_out(run: Run, maestro: Maestro[Any]) -> None:
    """The Scores and then their upkeep; one that failed is told, and tried again in a while."""
    await carry_out(run, maestro, keep=True, ended=lambda outcomes: _tell_end(run, outcomes))


async def _compare_images(run: Run, rehearsed: Report | None) -> None:
    """Says, once all is built, which images are not those that were rehearsed."""
    for name in run.builds.names:
        await run.builds.until(name)
    if rehearsed is not None:
        built = {one.name: one.sha256 for one in run.builds.artifacts()}
        if others := other_images(rehearsed, built):
            run.watch.say(f"not the images that were rehearsed: {', '.join(others)}")


def _tell_end(run: Run, outcomes: Mapping[str, Outcome]) -> None:
    bad = [key for key, outcome in outcomes.items() if not outcome.status.good]
    if bad:
        run.watch.say(f"not carried out: {', '.join(bad)}; machines are served all the same")
    else:
        run.watch.say("handed over: every Score is carried out; serving goes on")
