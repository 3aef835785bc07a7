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
from provisioner.cli.check import judged
from provisioner.cli.goal import known_goals
from provisioner.cli.known import KINDS, REHEARSAL, TOPOLOGIES
from provisioner.cli.places import cache_folder, state_folder
from provisioner.cli.rehearsal_folder import rehearsal_folder


@dataclass(frozen=True)
class Wishes:
    """What the person asked for; `timeout` in minutes, None for what this machine needs."""

    hosts: tuple[str, ...] = ()
    until: str = "done"
    keep: bool = False
    timeout: float | None = None
    json_report: Path | None = None


WISHES = TypeAdapter(Wishes)


Enter = Callable[[Sequence[str]], int]
"""Runs a command in a lab of its own, as `kvm.lab.enter.enter` does; answers its exit code."""


def rehearse_site(
    site_file: Path, wishes: Wishes, state: Path | None, enter_lab: Enter = enter
) -> int:
    """Exit code 0 if all went well, 1 for a faulty declaration or a failed rehearsal, 128 + n after
    signal n. Raises OperatorError for wishes that can't be."""
    declaration, _, found = judged(site_file, REHEARSAL, KINDS, TOPOLOGIES)
    if found:
        colour = sys.stdout.isatty()
        print(render_all(found, declaration.sources, colour=colour))
    if declaration.site is None or any(one.severity is Severity.ERROR for one in found):
        return 1
    _require_possible(wishes, {host.name for host in declaration.site.hosts})
    _require_libvirt()
    rehearsals = (state or state_folder()) / "rehearsals"
    name = f"{declaration.site.name}-{time.strftime('%Y%m%d-%H%M%S')}"
    # What isn't there before the lab is entered could be in its memory only.
    cache_folder().mkdir(parents=True, exist_ok=True)
    with rehearsal_folder(rehearsals, name) as place:
        print(f"the full log: {place.log}", flush=True)
        module = ("-m", "provisioner.cli.rehearsal_main")
        told = WISHES.dump_json(wishes).decode()
        try:
            return enter_lab(
                [sys.executable, *module, str(site_file.resolve()), str(place.root), told]
            )
        finally:
            print(f"the full log: {place.log}", flush=True)


def _require_libvirt() -> None:
    """It is only imported inside the lab, where nobody could be told what to do."""
    if find_spec("libvirt") is None:
        raise OperatorError(
            "a rehearsal needs libvirt's Python module, which serving does not:"
            " pipx install 'harmony-provisioner[lab]'"
        )


def _require_possible(wishes: Wishes, declared: set[str]) -> None:
    if wishes.until not in known_goals():
        known = ", ".join(known_goals())
        raise OperatorError(f"--until {wishes.until}: there is no such state; take one of {known}")
    if unknown := set(wishes.hosts) - declared:
        raise OperatorError(
            f"--host {', '.join(sorted(unknown))}: the declaration has "
            f"{', '.join(sorted(declared))}"
        )
    if wishes.hosts and wishes.until == "done":
        raise OperatorError(
            "--host needs --until STATE: with some hosts only, the Scores can't be carried out"
        )
