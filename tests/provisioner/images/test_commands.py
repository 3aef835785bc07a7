"""Programs are logged, their failure says why, and none outlives its builder."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from provisioner.images.commands import Commands
from provisioner.images.errors import StepFailed

pytestmark = pytest.mark.protocol


def _commands(folder: Path, lines: list[str] | None = None) -> Commands:
    heard = lines if lines is not None else []
    return Commands(folder / "log", heard.append, dict(os.environ))


def test_every_line_is_heard_and_logged_after_the_command(tmp_path: Path) -> None:
    lines: list[str] = []
    _commands(tmp_path, lines).run("sh", "-c", "echo out; echo err >&2")
    assert lines == ["out\n", "err\n"]
    assert (tmp_path / "log").read_text() == "$ sh -c echo out; echo err >&2\nout\nerr\n"


def test_a_failure_holds_the_end_of_what_was_printed(tmp_path: Path) -> None:
    with pytest.raises(StepFailed) as failure:
        _commands(tmp_path).run("sh", "-c", "echo no space left; exit 3")
    assert failure.value.status == 3
    assert str(failure.value) == "sh -c echo no space left; exit 3 ended with 3:\nno space left"


def test_what_a_program_says_is_read_in_its_folder_and_environment(tmp_path: Path) -> None:
    said = _commands(tmp_path).read(
        "sh", "-c", "pwd; echo $EXTRA", folder=tmp_path, extra={"EXTRA": "x"}
    )
    assert said == f"{tmp_path}\nx\n"


def test_a_killed_builder_takes_its_programs_with_it(tmp_path: Path) -> None:
    script = (
        "import os, pathlib, sys\n"
        "from provisioner.images.commands import Commands\n"
        "folder = pathlib.Path(sys.argv[1])\n"
        "commands = Commands(folder / 'log', lambda _: None, dict(os.environ))\n"
        "commands.run('sh', '-c', 'echo $$ > \"$0\"; exec sleep 600', folder / 'pid')\n"
    )
    with subprocess.Popen([sys.executable, "-c", script, tmp_path]) as builder:
        pid = int(_written(tmp_path / "pid"))
        builder.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 60
    while _alive(pid):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _written(path: Path) -> str:
    deadline = time.monotonic() + 60
    while not (path.exists() and path.read_text().endswith("\n")):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return path.read_text()


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state not in "ZX"
