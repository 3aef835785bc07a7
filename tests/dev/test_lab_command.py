"""`./dev lab` for a user: what it starts as root ends with it, and its files are given back."""

from __future__ import annotations

import fcntl
import os
import select
import signal
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.dev.checkout import NOBODY, make_checkout, program
from tests.dev.user_with_sudo import as_user

pytestmark = pytest.mark.protocol

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
    make_checkout(tmp_path)
    return tmp_path


@contextmanager
def dev(
    checkout: Path, *words: str, user: int = NOBODY, **more: str
) -> Generator[subprocess.Popen[str]]:
    """`./dev WORDS` as sudo runs it for a user."""
    command = (str(checkout / "dev"), *words)
    sudo = {"SUDO_UID": str(user), "SUDO_GID": str(user)}
    environment = {**places(checkout), **sudo, **more}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as running:
        try:
            yield running
        finally:
            running.kill()


def places(checkout: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(checkout / "home"),
        "TMPDIR": str(checkout),
        "HARMONY_CACHE": str(checkout / "cache"),
        "HARMONY_STATE": str(checkout / "home/state"),
    }


def first_line(running: subprocess.Popen[str]) -> str:
    assert running.stdout is not None
    return running.stdout.readline().strip()


def ends(pid: int) -> bool:
    """Within a minute."""
    return bool(select.select([os.pidfd_open(pid)], [], [], 60)[0])


def test_what_it_made_belongs_to_the_user_and_its_exit_code_is_the_commands(checkout: Path) -> None:
    script = 'echo made >"$HARMONY_CACHE.new"; mkdir -p "$HARMONY_CACHE/a"; exit 7'
    with dev(checkout, "lab", "bash", "-c", script) as ran:
        assert ran.wait(60) == 7
    made = ("cache.new", "cache/a", "home", "home/state")
    assert {name: (checkout / name).stat().st_uid for name in made} == dict.fromkeys(made, NOBODY)


def test_what_an_earlier_run_left_is_given_back_too(checkout: Path) -> None:
    (checkout / "cache").mkdir()
    os.chown(checkout / "cache", NOBODY, NOBODY)
    (checkout / "cache/left").touch()
    os.utime(checkout / "cache/left", (0, 0))
    with dev(checkout, "lab", "true") as ran:
        assert ran.wait(60) == 0
    assert (checkout / "cache/left").stat().st_uid == NOBODY


def test_what_another_command_is_building_stays_roots(checkout: Path) -> None:
    """It is the root file system of machines; what a killed builder has left is the caller's."""
    cache = checkout / "cache"
    made = [cache / "work" / name / "tree" for name in ("node-image-1", "node-image-2")]
    locks = [cache / "locks" / folder.parent.name for folder in made]
    for folder, lock in zip(made, locks, strict=True):
        folder.mkdir(parents=True)
        lock.parent.mkdir(exist_ok=True)
        lock.touch()
    os.chown(cache, NOBODY, NOBODY)
    with locks[0].open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with dev(checkout, "lab", "true") as ran:
            assert ran.wait(60) == 0
    assert [folder.stat().st_uid for folder in made] == [0, NOBODY]


def test_a_folder_of_roots_own_stays_roots(
    checkout: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    cache = tmp_path_factory.mktemp("cache")
    with dev(checkout, "lab", "touch", str(cache / "new"), HARMONY_CACHE=str(cache)) as ran:
        assert ran.wait(60) == 0
    assert (cache / "new").stat().st_uid == 0


def test_any_command_under_sudo_gives_back(checkout: Path) -> None:
    with dev(checkout, "touch", str(checkout / "compiled")) as ran:
        assert ran.wait(60) == 0
    assert (checkout / "compiled").stat().st_uid == NOBODY


def test_a_named_file_and_what_is_beside_a_declaration_are_given_back(
    checkout: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    mine = tmp_path_factory.mktemp("mine")
    (mine / "site.py").touch()
    os.chown(mine, NOBODY, NOBODY)
    script = f'mkdir {mine}/.harmony; touch "$0" {mine}/.harmony/record'
    words = ("lab", "bash", "-c", script, f"{mine}/report.json", f"{mine}/site.py")
    with dev(checkout, *words) as ran:
        assert ran.wait(60) == 0
    made = [mine / name for name in ("report.json", ".harmony", ".harmony/record")]
    assert [path.stat().st_uid for path in made] == [NOBODY] * 3


def test_sigterm_is_passed_on_and_the_command_ends_in_its_own_way(checkout: Path) -> None:
    with dev(checkout, "lab", "bash", "-c", UNTIL_TERMINATED) as running:
        assert first_line(running) == "ready"
        running.send_signal(signal.SIGTERM)
        assert running.wait(60) == 3
    assert (checkout / "home/state.ended").exists()


def test_killed_it_leaves_nothing_running(checkout: Path) -> None:
    with dev(checkout, "lab", "bash", "-c", UNTIL_KILLED) as running:
        command = int(first_line(running))
        running.kill()
        assert ends(command)


def test_when_sudo_is_killed_nothing_is_left_running_also_with_nohup(checkout: Path) -> None:
    nohup = ("env", "--ignore-signal=HUP")
    lab = (str(checkout / "dev"), "lab", "bash", "-c", UNTIL_KILLED)
    command = as_user(checkout / "programs", *nohup, *lab)
    with subprocess.Popen(
        command, env=places(checkout), stdout=subprocess.PIPE, text=True
    ) as running:
        started = int(first_line(running))
        running.kill()
        assert ends(started)


@pytest.mark.parametrize("user", [NOBODY, 0])
@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGTERM])
def test_alone_is_the_end_of_all_that_was_started(
    checkout: Path, user: int, ending: signal.Signals
) -> None:
    script = "setsid sleep infinity & echo $$; wait"
    with dev(checkout, "alone", "bash", "-c", script, user=user) as running:
        assert int(first_line(running)) < 100, "it has a process namespace of its own"
        running.send_signal(ending)
        assert running.stdout is not None
        assert running.stdout.read() == "", "nobody holds it open any more"


def test_alone_its_exit_code_is_the_commands(checkout: Path) -> None:
    with dev(checkout, "alone", "bash", "-c", "exit 7", user=0) as ran:
        assert ran.wait(60) == 7


@pytest.mark.parametrize("words", [("lab", "pwd"), ("pwd",)])
def test_a_command_runs_in_the_folder_it_was_called_in(
    checkout: Path, tmp_path_factory: pytest.TempPathFactory, words: tuple[str, ...]
) -> None:
    folder = tmp_path_factory.mktemp("elsewhere")
    command = (str(checkout / "dev"), *words)
    ran = subprocess.run(
        command, cwd=folder, env=places(checkout), capture_output=True, text=True, check=True
    )
    assert ran.stdout == f"{folder}\n"


def test_the_example_is_that_of_the_checkout(
    checkout: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    program(checkout / ".venv/bin/provisioner", 'echo "$*"')
    with dev(checkout, "provisioner", "rehearse", "my.py", user=0) as ran:
        assert first_line(ran) == "rehearse my.py"
    for folder, example in (
        (checkout, "examples/home_office.py"),
        (tmp_path_factory.mktemp("elsewhere"), f"{checkout}/examples/home_office.py"),
    ):
        done = subprocess.run(
            (str(checkout / "dev"), "rehearse", "--keep"),
            cwd=folder,
            env=places(checkout),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stdout == f"rehearse {example} --keep\n"


@pytest.mark.parametrize("given", ["", "/srv/cache"])
def test_a_service_reads_no_images_in_a_home(checkout: Path, given: str) -> None:
    """What the caller has built is copied, unless they name the place."""
    program(
        checkout / ".venv/bin/provisioner",
        'echo "$1 $2 ${HARMONY_CACHE:-} ${HARMONY_STATE:-} ${XDG_CACHE_HOME:-}"',
    )
    with dev(
        checkout,
        *("provisioner", "install-service", "my.py"),
        HARMONY_CACHE=given,
        HARMONY_STATE="",
        XDG_CACHE_HOME="/home/me/.cache",
    ) as ran:
        assert first_line(ran) == f"install-service my.py {given}  /home/me/.cache"
