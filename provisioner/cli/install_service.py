"""`provisioner install-service SITE.py`: a systemd unit that serves a site, also after a reboot.

Running it again changes nothing, or replaces the unit and starts it again if anything differs.
"""

from __future__ import annotations

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
    """Writes, enables and starts the unit, and says what it did.

    Raises OperatorError without root or systemd, for a declaration with errors, and if the unit
    does not start (its own words are in `journalctl -u harmony-provisioner`).
    """
    _refuse_without_root_and_systemd()
    _refuse_faulty(site_file)
    unit = ServiceUnit(
        program=Path(sys.executable).with_name("provisioner"),
        site_file=site_file.resolve(),
        state=state_folder(),
        cache=cache_folder().absolute(),
    )
    _run((sys.executable, "-m", "provisioner.images", "build", "all", "--cache", str(unit.cache)))
    changed = ensure_unit(unit, UNITS, _run)
    print(f"{NAME}: {'installed, enabled and started' if changed else 'as it was, and running'}")


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
        raise OperatorError(
            "this machine was not started by systemd: run `provisioner serve` itself"
        )


def _refuse_faulty(site_file: Path) -> None:
    from provisioner.cli.check import check_file

    if check_file(site_file, as_json=False, out=sys.stderr) != 0:
        raise OperatorError(f"{site_file} has errors: nothing was installed")


def _run(command: Sequence[str]) -> None:
    try:
        subprocess.run(command, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise OperatorError(f"`{' '.join(command)}` failed: {error}") from error
