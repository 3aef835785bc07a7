"""A time server that isn't ours: chronyd, in a station of a test's segment. It sets no clock (-x)."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Generator
from pathlib import Path

from provisioner.images.unpacked_tools import environment
from tests.namespaces import NetworkNamespace
from tests.systemd_machine import unpacked


@contextlib.contextmanager
def chronyd(station: NetworkNamespace, folder: Path, *configuration: str) -> Generator[None]:
    """Answers by the lines of `configuration` until the block ends; `folder` is for its files. It keeps its
    command port: without any socket it would end, as it has nothing to do."""
    tree = unpacked("chrony")
    lines = (f"pidfile {folder}/chronyd.pid", "bindcmdaddress /", *configuration)
    (folder / "chrony.conf").write_text("\n".join((*lines, "")))
    libraries = environment(tree, {})["LD_LIBRARY_PATH"]
    program = ("env", f"LD_LIBRARY_PATH={libraries}", str(tree / "usr/sbin/chronyd"))
    running = station.start(*program, "-d", "-x", "-u", "root", "-f", str(folder / "chrony.conf"))
    assert running.stdout is not None
    said: list[str] = []
    for line in running.stdout:
        said.append(line)
        if "root privileges" in line:
            break
    assert running.poll() is None, f"chronyd has ended: {said}"
    try:
        if any(line.startswith("allow") for line in configuration):
            _wait_for_its_socket(station)
        yield
    finally:
        running.kill()
        running.wait()


def _wait_for_its_socket(station: NetworkNamespace) -> None:
    """It opens its port after its last words."""
    until = time.monotonic() + 20
    while not station.run("ss", "-H", "-l", "-u", "-n", "sport = :123").stdout:
        assert time.monotonic() < until, "chronyd never opened its port"
        time.sleep(0.02)
