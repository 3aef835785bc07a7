"""A Unix socket's path as bind(2) and connect(2) take it: 107 bytes at most (unix(7), `sun_path`). A state
folder may lie deeper than that."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

LONGEST = 107


def socket_address(path: Path, open_folder: Callable[[Path], int]) -> str:
    """The path itself, or if it is too long the way to it by a descriptor of its folder, good for as
    long as that stays open. `open_folder` gives one, and is asked only then."""
    if len(bytes(path)) <= LONGEST:
        return str(path)
    return f"/proc/self/fd/{open_folder(path.parent)}/{path.name}"
