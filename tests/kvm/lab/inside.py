"""Commands inside a lab, entered by a small process of their own, as `enter` asks for.

What is there is counted by namespaces: every process of a lab is in the lab's PID namespace, and a
namespace without a process, like this one without a name, is gone with its links and mounts.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
ENTERING = (
    sys.executable,
    "-c",
    "import sys; from kvm.lab.enter import enter; sys.exit(enter(sys.argv[1:]))",
)
KINDS = ("pid", "net", "mnt")


def run_inside(*command: str) -> subprocess.CompletedProcess[str]:
    """Run to its end in a lab of its own; the command also gets `--network-fd N`."""
    return subprocess.run(
        (*ENTERING, *command), cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )


def python_inside(code: str, *arguments: str) -> Any:
    """What `code` has printed as JSON, inside a lab. It must end well and say nothing on stderr."""
    done = run_inside(sys.executable, "-c", code, *arguments)
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


@contextmanager
def started_inside(*command: str) -> Generator[subprocess.Popen[str]]:
    """A command that goes on; its process is the one that entered. Killed at the end at last."""
    entering = subprocess.Popen(
        (*ENTERING, *command),
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        with entering:
            try:
                yield entering
            finally:
                entering.kill()
    finally:
        assert entering.returncode is not None


def answer(entering: subprocess.Popen[str]) -> Any:
    """The next line that the command prints, as JSON."""
    assert entering.stdout is not None
    return json.loads(entering.stdout.readline())


def namespaces(process: int | str) -> frozenset[str]:
    """The PID, network and mount namespace of a process; those that have ended have none."""
    try:
        return frozenset(str(Path(f"/proc/{process}/ns/{kind}").readlink()) for kind in KINDS)
    except OSError:
        return frozenset()


def processes_in(lab: frozenset[str]) -> list[str]:
    """The command lines of all processes that are in any of the lab's namespaces."""
    found: list[str] = []
    for process in (entry.name for entry in Path("/proc").glob("[0-9]*")):
        if namespaces(process) & lab:
            found.append(_command_line(process))
    return found


def left_of(lab: frozenset[str]) -> list[str]:
    """What is left of a lab that has just been ended. The kernel kills its processes at once and
    buries them when it gets round to it, which this waits for, within bounds."""
    give_up = time.monotonic() + 30.0
    while (left := processes_in(lab)) and time.monotonic() < give_up:
        time.sleep(0.05)
    return left


def links_outside() -> list[str]:
    """The network interfaces of this namespace."""
    return sorted(link.name for link in Path("/sys/class/net").iterdir())


def _command_line(process: str) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_text().replace("\0", " ").strip()
    except OSError:
        return ""
