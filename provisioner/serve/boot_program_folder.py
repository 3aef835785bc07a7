"""The folder of network boot programs: which of them are there."""

from __future__ import annotations

from pathlib import Path

from provisioner.protocol.dhcp.architecture import PROGRAMS


class BootProgramFolder:
    """Others than those that some architecture runs are not seen."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._listed: tuple[int, frozenset[str]] | None = None

    def present(self) -> frozenset[str]:
        """Looked up again when the folder has changed: somebody may empty it, or put in another."""
        try:
            changed = self._folder.stat().st_mtime_ns
            if self._listed is None or self._listed[0] != changed:
                names = frozenset(each.name for each in self._folder.iterdir() if each.exists())
                self._listed = changed, names & PROGRAMS
            return self._listed[1]
        except OSError:
            self._listed = None
            return frozenset()

    def path_of(self, name: str) -> Path | None:
        """The program's file, there or not; None for any other name."""
        return self._folder / name if name in PROGRAMS else None
