"""`provisioner install-service SITE.py`: a systemd unit that serves a site, also after a reboot.

Running it again changes nothing, or replaces the unit and starts it again if anything differs.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from inventory.errors import OperatorError
from provisioner.cli.places import cache_folder, state_folder
from provisioner.cli.service_unit import NAME, ServiceUnit, render

UNITS = Path("/etc/systemd/system")
Run = Callable[[Sequence[str]], None]


def install(site_file: Path) -> None:
    """Builds what the site needs, then writes, enables and starts the unit, and says what it did.

    Raises OperatorError without root or systemd, for a declaration with errors, if an image can't be
    built, and if the unit does not start (its words are in `journalctl -u harmony-provisioner`).
    """
    _refuse_without_root_and_systemd()
    builds = _builds_of_sound(site_file)
    unit = ServiceUnit(
        program=Path(sys.executable).with_name("provisioner"),
        site_file=site_file.resolve(),
        state=state_folder(),
        cache=cache_folder().absolute(),
    )
    ensure_built(builds, unit.cache)
    changed = ensure_unit(unit, UNITS, _run)
    print(f"{NAME}: {'installed, enabled and started' if changed else 'as it was, and running'}")


def ensure_built(names: Sequence[str], cache: Path) -> None:
    """The service may not build: it finds everything here. OperatorError with a builder's words."""
    command = (sys.executable, "-m", "provisioner.images", "build", *names, "--cache", str(cache))
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as builder:
        assert builder.stdout is not None
        said = dict(map(_percent_or_error, builder.stdout))
    if builder.returncode:
        words = "; ".join(f"{name}: {words}" for name, words in said.items() if words)
        raise OperatorError(f"what the site needs can't be built: {words or 'no reason was given'}")


def _percent_or_error(line: str) -> tuple[str, str]:
    """Shows how far a builder is; its name, and its error or nothing."""
    told = json.loads(line)
    name, error = str(told["name"]), str(told.get("error", ""))
    if not error:
        percent = 100 if "artifacts" in told else round(float(told["percent"]))
        print(f"{name}: {percent} %", flush=True)
    return name, error


def ensure_unit(unit: ServiceUnit, folder: Path, run: Run) -> bool:
    """Whether the unit file had to be written; enabled and running afterwards in any case."""
    path, text = folder / NAME, render(unit)
    changed = not path.exists() or path.read_text() != text
    if changed:
        unfinished = path.with_suffix(".unfinished")
        unfinished.write_text(text)
        unfinished.replace(path)
        run(("systemctl", "daemon-reload"))
    run(("systemctl", "enable", "--quiet", NAME))
    run(("systemctl", "restart" if changed else "start", NAME))
    return changed


def _refuse_without_root_and_systemd() -> None:
    if os.geteuid() != 0:
        raise OperatorError("a service is installed by root: run it under sudo")
    if not Path("/run/systemd/system").is_dir():
        raise OperatorError("systemd did not start this machine: run `provisioner serve` itself")


def _builds_of_sound(site_file: Path) -> tuple[str, ...]:
    from inventory.diagnostic import Severity
    from inventory.render import render_all
    from provisioner.cli.check import judged
    from provisioner.cli.known import KINDS, PRODUCTION, TOPOLOGIES, builds_of

    declaration, scores, found = judged(site_file, PRODUCTION, KINDS, TOPOLOGIES)
    if found:
        print(render_all(found, declaration.sources, colour=sys.stderr.isatty()), file=sys.stderr)
    if declaration.site is None or any(one.severity is Severity.ERROR for one in found):
        raise OperatorError(f"{site_file} has errors: nothing was installed")
    return builds_of(scores)


def _run(command: Sequence[str]) -> None:
    try:
        subprocess.run(command, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise OperatorError(f"`{' '.join(command)}` failed: {error}") from error
