"""`provisioner rehearse` as a person runs it: to its end, with a machine stuck on purpose, and killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Mapping
from pathlib import Path

import pytest

from tests.whole_life.left_on_machine import left_on_machine

pytestmark = pytest.mark.boot

ROOT = Path(__file__).parents[2]

SITE = """\
from harmony import InstalledHosts, MachineSite, Maestro
from inventory import AnyBlank, Host, Network, Nic, Site

lan = Network("lan", "10.7.0.0/24", interface="eth1", address="10.7.0.1")
m1 = Host(
    "m1",
    nics=[Nic("52:54:00:07:00:11")],
    address="10.7.0.11",
    install_on=AnyBlank(),
)
site = Site("stuck", networks=[lan], hosts=[m1])


def deploy(maestro: Maestro[MachineSite]) -> None:
    maestro.register(InstalledHosts([m1]))
"""


@pytest.fixture
def folder() -> Generator[Path]:
    """Of a short name: the path of a Unix socket has at most 107 bytes."""
    with tempfile.TemporaryDirectory(prefix="rehearse-") as name:
        yield Path(name)


def rehearse(folder: Path, *arguments: str, declaration: str = SITE) -> subprocess.Popen[str]:
    site = folder / "site.py"
    site.write_text(declaration)
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


def until(running: subprocess.Popen[str], words: str) -> None:
    """Reads on until a line has the words."""
    assert running.stdout is not None
    said: list[str] = []
    for line in running.stdout:
        said.append(line)
        if words in line:
            return
    raise AssertionError(f"it ended without {words!r}:\n{''.join(said)}")


def test_the_first_example_passes_and_leaves_the_machine_as_it_was(folder: Path) -> None:
    """Beside its host there is a spare, which no Score uses: it stays off, and nobody waits for it."""
    example = (ROOT / "examples" / "first_boot.py").read_text()
    spare = 'Host("spare", nics=[Nic("52:54:00:07:00:99")], address="10.7.0.99")'
    declaration = example.replace("hosts=[m1]", f"hosts=[m1, {spare}]")
    assert declaration != example
    before, report_file = left_on_machine(), folder / "report.json"
    running = rehearse(folder, "--json", str(report_file), declaration=declaration)
    said, _ = running.communicate(timeout=1800)
    assert running.returncode == 0, said
    assert said.count("next: ") == 3
    report = json.loads(report_file.read_text())
    assert (report["passed"], report["until"], report["failure"]) == (True, "done", "")
    (host,) = report["hosts"]
    assert (host["name"], host["state"]) == ("m1", "ready")
    lengths = {phase["name"]: phase["seconds"] for phase in host["phases"]}
    assert lengths.pop("joining") is None, "there is no cluster"
    assert list(lengths) == ["firmware", "network boot", "waiting", "installing", "first boot"]
    assert all(seconds >= 0 for seconds in lengths.values())
    assert [score["status"] for score in report["scores"]] == ["success"]
    assert "host spare" in report["not_rehearsed"]
    kept = folder / ".harmony" / "rehearsals" / f"{report['declaration']}.json"
    assert json.loads(kept.read_text()) == report
    assert _processes_of(folder) == {}
    assert left_on_machine() == before


def test_a_machine_that_hangs_fails_the_rehearsal_with_its_diagnosis(folder: Path) -> None:
    """Its processor stands still from its discovery on, as that of a machine whose kernel hangs."""
    report_file = folder / "report.json"
    running = rehearse(folder, "--json", str(report_file), "--timeout", "4")
    until(running, "discovered")
    for pid in _machines_of(folder):
        os.kill(pid, signal.SIGSTOP)
    said, _ = running.communicate(timeout=1200)
    assert running.returncode == 1, said
    assert "m1 is stuck in state discovered" in said
    assert "next:  it should " in said
    assert "cause: " in said
    assert "console| " in said
    report = json.loads(report_file.read_text())
    assert not report["passed"]
    assert "m1 is stuck in state discovered" in report["failure"]
    assert {"real", "stand-in"} <= {part["reality"] for part in report["parts"]}


def test_a_rehearsal_that_is_killed_leaves_nothing(folder: Path) -> None:
    before = left_on_machine()
    running = rehearse(folder, "--until", "discovered", "--keep")
    until(running, "in another shell, as root")
    started = _below(running.pid)
    lines = " ".join(started.values())
    for program in ("qemu-system", "libvirtd", "provisioner.daemon"):
        assert program in lines, "what is kept is served"
    assert running.stdout is not None
    os.kill(running.pid, signal.SIGKILL)
    running.wait(timeout=60)
    running.stdout.close()
    deadline = time.monotonic() + 60
    while (left := _alive(started)) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert left == {}
    assert _processes_of(folder) == {}
    assert left_on_machine() == before


def _machines_of(folder: Path) -> list[int]:
    return [pid for pid, line in _processes_of(folder).items() if "qemu-system" in line]


def _processes_of(folder: Path) -> dict[int, str]:
    """The command lines, anywhere on this machine, that name the test's own folder, by pid."""
    pids = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())
    return {pid: line for pid in pids if str(folder) in (line := _command_line(pid))}


def _below(pid: int) -> dict[int, str]:
    """The command lines of the process and of all that came from it, by pid."""
    found = {pid: _command_line(pid)}
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in children.read_text().split():
            found |= _below(int(child))
    return found


def _alive(processes: Mapping[int, str]) -> dict[int, str]:
    """Those that still are what they were."""
    return {pid: line for pid, line in processes.items() if line and _command_line(pid) == line}


def _command_line(pid: int) -> str:
    """Empty if there is no such process, or none that still runs."""
    try:
        line = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return ""
    return line.replace(b"\0", b" ").decode(errors="replace")
