"""Which declarations have passed a rehearsal: one report per digest, in `.harmony/` beside SITE.py.

It travels with the declaration, so that a rehearsal on a laptop counts on the jump host.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from provisioner.cli.goal import DONE
from provisioner.cli.report import Report, from_json, to_json


class RehearsalRecords:
    """The records that lie beside one SITE.py."""

    def __init__(self, site_file: Path) -> None:
        self._folder = site_file.resolve().parent / ".harmony" / "rehearsals"

    def make_folder(self) -> None:
        """Raises OSError where nothing can be kept."""
        self._folder.mkdir(parents=True, exist_ok=True)

    def keep(self, report: Report) -> Path:
        """Writes the report under its declaration's digest, replacing an earlier one unless that
        says more: a part of the way, or a failure, takes nothing from a rehearsal of the whole."""
        self.make_folder()
        path = self._folder / f"{report.declaration}.json"
        earlier = _read(path)
        if earlier is not None and _worth(report) < _worth(earlier):
            return path
        fresh = path.with_suffix(".new")
        fresh.write_bytes(to_json(report))
        return fresh.replace(path)

    def of(self, declaration: str) -> Report | None:
        """The report of exactly this declaration, if it has been rehearsed."""
        return _read(self._folder / f"{declaration}.json")

    def newest(self) -> Report | None:
        """The last rehearsal of any state of this SITE.py."""
        found = [_read(path) for path in self._folder.glob("*.json")]
        return max((one for one in found if one), key=lambda one: one.began, default=None)


def _worth(report: Report) -> tuple[bool, bool]:
    return report.passed, report.passed and report.until == DONE


def _read(path: Path) -> Report | None:
    try:
        return from_json(path.read_bytes())
    except (FileNotFoundError, ValidationError):
        return None
