"""mount(2), umount(2) and reboot(2) through the C library: no program has to be started for them."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

MS_RDONLY = 1
RB_AUTOBOOT = 0x01234567


@contextmanager
def mounted(device: Path, place: Path, kind: str, *, read_only: bool) -> Generator[Path]:
    """`device` mounted at `place` (made if need be); written and unmounted at the end."""
    place.mkdir(parents=True, exist_ok=True)
    flags = MS_RDONLY if read_only else 0
    _call("mount", str(device).encode(), str(place).encode(), kind.encode(), flags, None)
    try:
        yield place
    finally:
        _call("umount", str(place).encode())


def restart() -> None:
    """Reboot at once, without asking anybody. Does not return."""
    os.sync()
    _call("reboot", RB_AUTOBOOT)


def _call(name: str, *arguments: bytes | int | None) -> None:
    library = ctypes.CDLL(None, use_errno=True)
    if library[name](*arguments) != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{name}: {os.strerror(code)}")
