"""What `provisioner rehearse` starts inside the lab's namespaces: the lab, the run, its end."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import shlex
import signal
import sys
import time
from collections.abc import Generator, Iterable
from pathlib import Path
from typing import Any

from rich.console import Console

from harmony.domain.order import AnyScore
from harmony.maestro import Maestro
from inventory.contribution import Artifact
from inventory.errors import HarmonyError
from kvm.lab.lab import Lab, lab
from kvm.lab.mounts import is_hidden
from provisioner.cli import report_file
from provisioner.cli.called import called, called_with_rights
from provisioner.cli.check import judged
from provisioner.cli.declaration_file import declaration_digest
from provisioner.cli.error_words import error_words
from provisioner.cli.estimate import estimate, seconds_to_build
from provisioner.cli.image_builds import ImageBuilds, binaries_option
from provisioner.cli.installed import installed_versions
from provisioner.cli.known import KINDS, REHEARSAL, TOPOLOGIES, builds_of, clusters_of, roles_of
from provisioner.cli.lab_run import lab_run
from provisioner.cli.patience import Patience, calibrate
from provisioner.cli.places import StatePlace, cache_folder
from provisioner.cli.rehearsal import Rehearsal, rehearse
from provisioner.cli.rehearsal_records import RehearsalRecords
from provisioner.cli.rehearse import WISHES, Wishes
from provisioner.cli.rehearsed_hosts import rehearsed_part
from provisioner.cli.report import Report, as_text, to_json
from provisioner.cli.views import Lines, LiveTable, Log, Watch
from provisioner.cli.ways_in import KUBECTL, kubectl_lines

LAB_PACKAGES = ("qemu-system-x86", "seabios", "ovmf", "libvirt-daemon")


def main(arguments: list[str]) -> int:
    """Exit code 0 if the rehearsal passed, 1 if not, 130 if it was interrupted."""
    parser = argparse.ArgumentParser()
    parser.add_argument("site_file", type=Path)
    parser.add_argument("place", type=Path)
    parser.add_argument("wishes")
    parser.add_argument("--network-fd", type=int, required=True)
    given = parser.parse_args(arguments)
    place, wishes = StatePlace(given.place), WISHES.validate_json(given.wishes)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with _watching(place.log) as watch:
        try:
            return _in_lab(given.site_file, place, wishes, watch, given.network_fd)
        except KeyboardInterrupt:
            watch.say("stopped; what was built so far is kept, the next run goes on from there")
            return 130
        except HarmonyError as error:
            watch.say(f"error: {error_words(error)}")
            return 1


@contextlib.contextmanager
def _watching(log_path: Path) -> Generator[Watch]:
    with contextlib.ExitStack() as stack:
        log = stack.enter_context(Log(log_path))
        if sys.stdout.isatty():
            yield Watch((stack.enter_context(LiveTable(Console())), log))
        else:
            yield Watch((Lines(sys.stdout), log))


def _in_lab(
    site_file: Path, place: StatePlace, wishes: Wishes, watch: Watch, network_fd: int
) -> int:
    declaration, scores, _ = judged(site_file, REHEARSAL, KINDS, TOPOLOGIES)
    site = declaration.require_sound()
    part = rehearsed_part(site, scores, wishes.hosts, wishes.until)
    with lab(part, place.machines, roles_of(scores)) as running:
        cache, names, clusters = cache_folder(), builds_of(scores), clusters_of(scores)
        slowness = calibrate(time.monotonic)
        building = seconds_to_build(names, cache, wishes.kubernetes_binaries)
        virtualization = running.acceleration.virtualization
        expected = estimate(
            virtualization, cluster=bool(clusters), building=building, slowness=slowness
        )
        watch.say(f"machines: {running.acceleration.reason}; {expected}")
        builds = ImageBuilds(
            *(cache, place.build_log, watch.tell, network_fd, names),
            kubernetes_binaries=wishes.kubernetes_binaries,
        )
        run, topology = lab_run(site, scores, place, builds, watch, running)
        rehearsal = Rehearsal(
            site=site,
            declaration=declaration_digest(site, scores),
            wishes=wishes,
            lab=running,
            run=run,
            maestro=_maestro(topology, scores),
            patience=_patience(running, slowness),
            installed=installed_versions(LAB_PACKAGES),
            began=time.time(),
            cluster_api=topology,
            clusters=clusters,
            conclude=lambda report: conclude(site_file, place, report, watch, wishes),
            kept=lambda: _keep(running, place, clusters, builds, watch),
        )
        report = asyncio.run(rehearse(rehearsal))
    return 0 if report.passed else 1


def _maestro(topology: Any, scores: tuple[AnyScore, ...]) -> Maestro[Any]:
    maestro = Maestro(topology, kinds=KINDS, topologies=TOPOLOGIES)
    maestro.register(*scores)
    return maestro


def _patience(running: Lab, slowness: float) -> Patience:
    virtualization = running.acceleration.virtualization.name.lower()
    return Patience(virtualization, slowness, len(running.machines) / (os.cpu_count() or 1))


def conclude(
    site_file: Path, place: StatePlace, report: Report, watch: Watch, wishes: Wishes
) -> None:
    """The report where it belongs, and three things to do next."""
    RehearsalRecords(site_file).keep(report)
    place.report.write_bytes(to_json(report))
    if wishes.json_report is not None and not is_hidden(wishes.json_report.resolve()):
        report_file.write(wishes.json_report, to_json(report))
    watch.say(as_text(report))
    if report.failure:
        watch.say(report.failure)
        watch.say(f"consoles and daemon log: {place.root}")
        return
    here = Path.cwd()
    site = site_file.relative_to(here) if site_file.is_relative_to(here) else site_file
    official = wishes.kubernetes_binaries
    words = shlex.join((str(site), *(binaries_option(official) if official else ())))
    rehearse_line, serve_line = (
        f"{called_with_rights(verb, called(here), os.environ)} {words}"
        for verb in ("rehearse", "serve")
    )
    watch.say(f"next: read the report                   {place.report}")
    watch.say(f"next: look around, kubectl is there     {rehearse_line} --keep")
    watch.say(f"next: do it for real, on the jump host  {serve_line}")


async def _keep(
    running: Lab, place: StatePlace, clusters: Iterable[str], builds: ImageBuilds, watch: Watch
) -> None:
    """Returns at Ctrl-C or SIGTERM."""
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    enter, kubectl = running.how_to_enter(), builds.find(KUBECTL)
    watch.say("the lab is kept, and served, until Ctrl-C; in another shell, as root:")
    watch.say(f"  {enter}")
    if isinstance(kubectl, Artifact):
        for line in kubectl_lines(enter, kubectl.path, place.kubeconfigs, clusters):
            watch.say(f"  {line}")
    await stopped.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
