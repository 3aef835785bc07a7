"""`provisioner rehearse SITE.py`, seen from outside: judge the declaration, then enter the lab.

What runs inside is `provisioner.cli.rehearsal_main`. The process that a person started stays
outside: its end, by any signal, is the end of the lab and of everything in it.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

from pydantic import TypeAdapter
from pydantic.dataclasses import dataclass

from inventory.diagnostic import Severity
from inventory.errors import OperatorError
from inventory.render import render_all
from kvm.lab.enter import enter
from kvm.lab.mounts import is_hidden
from provisioner.cli import report_file
from provisioner.cli.check import judged
from provisioner.cli.goal import known_goals
from provisioner.cli.known import KINDS, REHEARSAL, TOPOLOGIES
from provisioner.cli.places import StatePlace, cache_folder, state_folder
from provisioner.cli.rehearsal_folder import rehearsal_folder
from provisioner.cli.rehearsal_records import RehearsalRecords
from provisioner.cli.rehearsed_hosts import rehearsed_part


@dataclass(frozen=True)
class Wishes:
    """What the person asked for; `timeout` in minutes, None for as long as the Scores get on."""

    hosts: tuple[str, ...] = ()
    until: str = "done"
    keep: bool = False
    timeout: float | None = None
    json_report: Path | None = None
    kubernetes_binaries: Path | None = None


WISHES = TypeAdapter(Wishes)


Enter = Callable[[Sequence[str]], int]
"""Runs a command in a lab of its own, as `kvm.lab.enter.enter` does; answers its exit code."""


def rehearse_site(
    site_file: Path, wishes: Wishes, state: Path | None, enter_lab: Enter = enter
) -> int:
    """Exit code 0 if all went well, 1 for a faulty declaration or a failed rehearsal, 128 + n after
    signal n. Raises OperatorError for wishes that can't be."""
    declaration, scores, found = judged(site_file, REHEARSAL, KINDS, TOPOLOGIES)
    if found:
        colour = sys.stdout.isatty()
        print(render_all(found, declaration.sources, colour=colour))
    if declaration.site is None or any(one.severity is Severity.ERROR for one in found):
        return 1
    _require_state(wishes.until)
    rehearsed_part(declaration.site, scores, wishes.hosts, wishes.until)
    _require_libvirt()
    rehearsals = (state or state_folder()) / "rehearsals"
    name = f"{declaration.site.name}-{time.strftime('%Y%m%d-%H%M%S')}"
    _make_room(site_file, rehearsals, wishes)
    with rehearsal_folder(rehearsals, name) as place:
        print(f"the full log: {place.log}", flush=True)
        module = ("-m", "provisioner.cli.rehearsal_main")
        told = WISHES.dump_json(wishes).decode()
        try:
            return enter_lab(
                [sys.executable, *module, str(site_file.resolve()), str(place.root), told]
            )
        finally:
            _fetch_report(place, wishes)
            print(f"the full log: {place.log}", flush=True)


def _fetch_report(place: StatePlace, wishes: Wishes) -> None:
    """To where the lab could not write it itself."""
    wished = wishes.json_report
    if wished is not None and is_hidden(wished.resolve()) and place.report.exists():
        report_file.write(wished, place.report.read_bytes())


def _make_room(site_file: Path, rehearsals: Path, wishes: Wishes) -> None:
    """Makes the folders that outlive the lab; one that is only made inside could be in its memory.
    Raises OperatorError where that can't be, before anything has begun."""
    given = (wishes.kubernetes_binaries,) if wishes.kubernetes_binaries else ()
    for path in (site_file, rehearsals, cache_folder(), *given):
        if is_hidden(path.resolve()):
            raise OperatorError(
                f"{path}: a lab sees nothing of this machine there: move it elsewhere"
            )
    try:
        RehearsalRecords(site_file).make_folder()
        rehearsals.mkdir(parents=True, exist_ok=True)
        cache_folder().mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OperatorError(
            f"nothing can be written to {error.filename}: {error.strerror}"
        ) from error
    if wishes.json_report is not None:
        report_file.make_way(wishes.json_report)


def _require_libvirt() -> None:
    """It is only imported inside the lab, where nobody could be told what to do."""
    if find_spec("libvirt") is None:
        raise OperatorError(
            "a rehearsal needs libvirt's Python module, which serving does not:"
            " pipx install 'harmony-provisioner[lab]'"
        )


def _require_state(until: str) -> None:
    if until not in known_goals():
        known = ", ".join(known_goals())
        raise OperatorError(f"--until {until}: there is no such state; take one of {known}")
