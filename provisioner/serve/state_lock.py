"""One daemon for one state: a lock that dies with the process, whatever ends it."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from provisioner.serve.errors import SecondDaemon


class StateLock:
    def __init__(self, state: Path) -> None:
        """Raises SecondDaemon, naming the other one."""
        self._descriptor = os.open(state / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            other = os.read(self._descriptor, 20).decode("ascii", "replace").strip() or "unknown"
            os.close(self._descriptor)
            message = f"another daemon (process {other}) serves the state in {state} already"
            raise SecondDaemon(message) from None
        os.ftruncate(self._descriptor, 0)
        os.write(self._descriptor, str(os.getpid()).encode())

    def release(self) -> None:
        os.close(self._descriptor)
