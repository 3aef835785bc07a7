"""Opens what a Unix socket with a long path is reached by."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Generator
from pathlib import Path

from inventory.socket_address import socket_address


@contextlib.contextmanager
def reached_socket(path: Path) -> Generator[str]:
    """What to bind or connect within the block, however long the path is. Raises OSError if its
    folder isn't there."""
    with contextlib.ExitStack() as opened:

        def open_folder(folder: Path) -> int:
            descriptor = os.open(folder, os.O_PATH)
            opened.callback(os.close, descriptor)
            return descriptor

        yield socket_address(path, open_folder)
