"""Programs are logged, their failure says why, and none outlives its builder."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
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


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT])
@pytest.mark.parametrize("isolated", sorted({False, os.geteuid() == 0}))
def test_an_ended_builder_leaves_no_program_and_no_mount(
    tmp_path: Path, isolated: bool, end: signal.Signals
) -> None:
    """Isolated needs root: there it also mounts something, as the builders do."""
    mark = f"600.{os.getpid()}{isolated:d}{end:d}"
    mount = f"mount -t tmpfs left {tmp_path}; " if isolated else ""
    script = (
        "import os, pathlib\n"
        "from provisioner.images.commands import Commands\n"
        f"commands = Commands(pathlib.Path({str(tmp_path / 'log')!r}), print, dict(os.environ))\n"
        f"commands.run('sh', '-c', '{mount}sleep {mark} & wait', isolated={isolated})\n"
    )
    with subprocess.Popen([sys.executable, "-c", script]) as builder:
        _until(lambda: _runs(mark), "the program runs")
        builder.send_signal(end)
    _until(lambda: not _runs(mark), "the program is gone")
    assert str(tmp_path) not in Path("/proc/mounts").read_text()


def _runs(mark: str) -> bool:
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if process.joinpath("cmdline").read_bytes() == f"sleep\0{mark}\0".encode():
                return True
        except OSError:
            continue  # it ended meanwhile
    return False


def _until(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + 100
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)
