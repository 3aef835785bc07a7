"""Whether a server that says nothing is ready: by the sockets of its network namespace."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

_SECONDS = 20.0


def wait_until_bound(process: subprocess.Popen[str], protocol: str, port: int) -> None:
    """`protocol` is udp or tcp; AssertionError if it ends before or takes too long."""
    until = time.monotonic() + _SECONDS
    while not is_bound(Path(f"/proc/{process.pid}/net/{protocol}").read_text(), port):
        assert process.poll() is None, f"{process.args!r} ended with {process.returncode}"
        assert time.monotonic() < until, f"{process.args!r} doesn't bind {protocol} {port}"
        time.sleep(0.02)


def is_bound(sockets: str, port: int) -> bool:
    """`sockets` as in /proc/net/udp: local addresses are in the second column, ports in hex."""
    local = (line.split()[1] for line in sockets.splitlines()[1:])
    return any(int(one.rpartition(":")[2], 16) == port for one in local)
