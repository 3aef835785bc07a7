"""`./dev lab` for a user: what it starts as root ends with it, and its files are given back."""

from __future__ import annotations

import hashlib
import os
import select
import signal
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.structure.tree import ROOT

pytestmark = pytest.mark.protocol

NOBODY = 65534
UNTIL_TERMINATED = """\
trap 'touch "$HARMONY_STATE.ended"; exit 3' TERM
mkfifo "$HARMONY_STATE.silent"
echo ready
while :; do read -r -t 0.2 <>"$HARMONY_STATE.silent"; done
"""
UNTIL_KILLED = """\
mkfifo "$HARMONY_STATE.silent"
echo $$
exec cat <>"$HARMONY_STATE.silent"
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of `dev` for which everything is set up: it needs no package and its .venv is current."""
    inputs = ("requirements-build.lock", "requirements.lock", "pyproject.toml")
    for name in ("dev", *inputs):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    (tmp_path / "dev").chmod(0o755)
    (tmp_path / "debian-packages.txt").write_text("# name, then why\nbash  is everywhere\n")
    (tmp_path / ".venv").mkdir()
    read = b"".join((tmp_path / name).read_bytes() for name in inputs)
    digest = hashlib.sha256(f"{tmp_path}\n".encode() + read).hexdigest()
    (tmp_path / ".venv/installed-from").write_text(f"{digest}  -\n")
    return tmp_path


@contextmanager
def lab(
    checkout: Path, script: str, word: str = "lab", user: int = NOBODY
) -> Generator[subprocess.Popen[str]]:
    """`./dev lab bash -c SCRIPT` as sudo runs it for a user."""
    environment = {
        "PATH": os.environ["PATH"],
        "HARMONY_CACHE": str(checkout / "cache"),
        "HARMONY_STATE": str(checkout / "state"),
        "SUDO_UID": str(user),
        "SUDO_GID": str(user),
    }
    command = (str(checkout / "dev"), word, "bash", "-c", script)
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as running:
        try:
            yield running
        finally:
            running.kill()


def first_line(running: subprocess.Popen[str]) -> str:
    assert running.stdout is not None
    return running.stdout.readline().strip()


def test_what_it_made_belongs_to_the_user_and_its_exit_code_is_the_commands(checkout: Path) -> None:
    with lab(
        checkout, 'echo made >"$HARMONY_CACHE.new"; mkdir -p "$HARMONY_CACHE/a"; exit 7'
    ) as ran:
        assert ran.wait(60) == 7
    assert (checkout / "cache.new").stat().st_uid == NOBODY
    assert (checkout / "cache/a").stat().st_uid == NOBODY


def test_sigterm_is_passed_on_and_the_command_ends_in_its_own_way(checkout: Path) -> None:
    with lab(checkout, UNTIL_TERMINATED) as running:
        assert first_line(running) == "ready"
        running.send_signal(signal.SIGTERM)
        assert running.wait(60) == 3
    assert (checkout / "state.ended").exists()


def test_killed_it_leaves_nothing_running(checkout: Path) -> None:
    with lab(checkout, UNTIL_KILLED) as running:
        command = os.pidfd_open(int(first_line(running)))
        running.kill()
        assert select.select([command], [], [], 60)[0], "it still runs after a minute"


@pytest.mark.parametrize("user", [NOBODY, 0])
def test_alone_is_the_end_of_all_that_was_started(checkout: Path, user: int) -> None:
    with lab(checkout, "setsid sleep infinity & echo $$; wait", "alone", user) as running:
        assert int(first_line(running)) < 100, "it has a process namespace of its own"
        running.kill()
        assert running.stdout is not None
        assert running.stdout.read() == "", "nobody holds it open any more"


def test_alone_its_exit_code_is_the_commands(checkout: Path) -> None:
    with lab(checkout, "exit 7", "alone", 0) as ran:
        assert ran.wait(60) == 7
