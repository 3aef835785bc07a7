"""The file that `rehearse --json` asks for: whoever waits for it reads this rehearsal's report, whole."""

from __future__ import annotations

import tempfile
from pathlib import Path

from inventory.errors import OperatorError


def make_way(path: Path) -> None:
    """Removes an earlier run's report, and leaves no empty one. Raises OperatorError where none can be
    written."""
    if path.is_dir():
        raise OperatorError(f"nothing can be written to {path}: it is a folder")
    if _is_special(path):
        return
    found = path.resolve()
    try:
        tempfile.TemporaryFile(dir=found.parent).close()
        found.unlink(missing_ok=True)
    except OSError as error:
        raise OperatorError(f"nothing can be written to {path}: {error.strerror}") from error


def write(path: Path, report: bytes) -> None:
    """All at once, except to a terminal or into a pipe."""
    if _is_special(path):
        path.write_bytes(report)
        return
    found = path.resolve()
    fresh = found.with_name(f"{found.name}.new")
    fresh.write_bytes(report)
    fresh.replace(found)


def _is_special(path: Path) -> bool:
    return path.exists() and not path.is_file()
