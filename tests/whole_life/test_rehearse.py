"""`provisioner rehearse` as a person runs it: a machine stuck on purpose, and a rehearsal killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.boot

ROOT = Path(__file__).parents[2]

STUCK_SITE = """\
from harmony import InstalledHosts, MachineSite, Maestro
from inventory import AnyBlank, Disk, Host, Network, Nic, Site

lan = Network("lan", "10.7.0.0/24", interface="eth1", address="10.7.0.1")
m1 = Host(
    "m1",
    nics=[Nic("52:54:00:07:00:11")],
    address="10.7.0.11",
    disks=[Disk(size_gib=1)],
    install_on=AnyBlank(),
)
site = Site("stuck", networks=[lan], hosts=[m1])


def deploy(maestro: Maestro[MachineSite]) -> None:
    maestro.register(InstalledHosts([m1]))
"""


def rehearse(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    site = folder / "site.py"
    site.write_text(STUCK_SITE)
    command = (sys.executable, "-m", "provisioner.cli.main", "rehearse", str(site), *arguments)
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "HARMONY_STATE": str(folder / "state")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def test_a_stuck_machine_fails_the_rehearsal_with_its_diagnosis(tmp_path: Path) -> None:
    """Its only disk is smaller than AnyBlank takes: it can never be ordered to install."""
    report_file = tmp_path / "report.json"
    running = rehearse(tmp_path, "--json", str(report_file))
    said, _ = running.communicate(timeout=1200)
    assert running.returncode == 1, said
    assert "m1 is stuck in state" in said
    assert "it should be told to install" in said
    assert "cause: no disk that may be written: AnyBlank() takes only an empty one" in said
    assert "console| " in said
    report = json.loads(report_file.read_text())
    assert not report["passed"]
    assert report["failure"].startswith("m1 is stuck in state")
    assert {"real", "emulated", "stand-in"} >= {part["reality"] for part in report["parts"]}


def test_a_rehearsal_that_is_killed_leaves_nothing(tmp_path: Path) -> None:
    before = _links()
    running = rehearse(tmp_path, "--until", "discovered", "--keep")
    assert running.stdout is not None
    for line in running.stdout:
        if "in another shell, as root" in line:
            break
    assert _processes_of(tmp_path), "machine, daemon and libvirtd run"
    os.kill(running.pid, signal.SIGKILL)
    running.wait(timeout=60)
    running.stdout.close()
    deadline = time.monotonic() + 60
    while (left := _processes_of(tmp_path)) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert left == []
    assert _links() == before


def _processes_of(folder: Path) -> list[str]:
    """The command lines, anywhere on this machine, that name the test's own folder."""
    found: list[str] = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if str(folder) in line:
            found.append(line)
    return found


def _links() -> list[str]:
    return sorted(link.name for link in Path("/sys/class/net").iterdir())
