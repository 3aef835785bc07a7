"""The order of CI's checks, what they say at the end, their exit code: with programs that answer as told."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.dev.checkout import NOBODY, make_checkout, program
from tests.dev.user_with_sudo import as_user
from tests.structure.tree import ROOT

pytestmark = pytest.mark.protocol

PASSED = 'echo "===== {} passed in 1.00s ====="'
BOOTED = 'echo "===== 3 passed, 1 warning in 61.00s (0:01:01) ====="'


@dataclass(frozen=True)
class Checks:
    """A tree that has nothing but `.ci/checks` and programs of our own."""

    folder: Path

    def program(self, name: str, script: str) -> None:
        note = f'echo "{name} $*" >>"{self.folder}/ran"'
        program(self.folder / "programs" / name, f"{note}\n{script}")

    def environment(self) -> dict[str, str]:
        """What it leaves when it is killed is in its own folder."""
        path = f"{self.folder}/programs:/usr/bin:/bin"
        return {"PATH": path, "HARMONY_CACHE": "cache", "TMPDIR": str(self.folder)}

    def run(self) -> tuple[int, str]:
        """Exit code and the last line."""
        done = subprocess.run(
            (self.folder / ".ci/checks",),
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.stderr == ""
        return done.returncode, done.stdout.splitlines()[-1]

    def ran(self, start: str) -> list[str]:
        ran = (self.folder / "ran").read_text().splitlines()
        return [line for line in ran if line.startswith(start)]

    def layers(self) -> list[str]:
        return [line.split()[2] for line in self.ran("pytest -m ")]


@pytest.fixture
def checks(tmp_path: Path) -> Checks:
    """Everything passes: 12 unit, 5 protocol, and 3 boot tests in each of two runs."""
    for folder in (".ci", "programs"):
        (tmp_path / folder).mkdir()
    (tmp_path / ".ci/checks").write_bytes((ROOT / ".ci/checks").read_bytes())
    (tmp_path / ".ci/checks").chmod(0o755)
    (tmp_path / "dev").write_text('#!/bin/bash\nshift\nexec "$@"\n')
    (tmp_path / "dev").chmod(0o755)
    made = Checks(tmp_path)
    for name in ("ruff", "lint-imports", "mypy", "pyright", "python"):
        made.program(name, ":")
    made.program("pytest", pytest_that(unit=PASSED.format(12)))
    return made


def pytest_that(**answers: str) -> str:
    layers = {
        "unit": PASSED.format(12),
        "protocol": PASSED.format(5),
        "boot": BOOTED,
    } | answers
    cases = "".join(f"{layer}) {script} ;;\n" for layer, script in layers.items())
    return f'case "$2" in\n{cases}esac'


def test_all_layers_are_counted_on_the_last_line(checks: Checks) -> None:
    assert checks.run() == (0, "23 passed, 0 failed")
    assert checks.layers() == ["unit", "protocol", "boot", "boot"]


def test_a_failed_unit_test_ends_it_before_anything_long(checks: Checks) -> None:
    failed = 'echo "= 2 failed, 10 passed, 1 error in 0.50s ="; exit 1'
    checks.program("pytest", pytest_that(unit=failed))
    assert checks.run() == (1, "10 passed, 3 failed")
    assert checks.layers() == ["unit"]


def test_a_static_check_that_fails_fails_it_all(checks: Checks) -> None:
    checks.program("pyright", "echo wrong; exit 1")
    assert checks.run() == (1, "12 passed, 0 failed")
    assert checks.layers() == ["unit"]


def test_images_that_cannot_be_built_fail_it_before_machines_boot(checks: Checks) -> None:
    checks.program("python", "echo no disk; exit 1")
    assert checks.run() == (1, "17 passed, 0 failed")
    assert checks.layers() == ["unit", "protocol"]


@pytest.mark.parametrize("where", ["tests/whole_life", "--ignore=tests/whole_life"])
def test_one_of_the_two_boot_runs_that_fails_fails_it_all(checks: Checks, where: str) -> None:
    failed = f'[ "$3" = {where} ] && echo "= 1 failed, 2 passed in 9.00s =" && exit 1; {BOOTED}'
    checks.program("pytest", pytest_that(boot=failed))
    assert checks.run() == (1, "22 passed, 1 failed")


def test_a_machine_that_is_not_as_before_fails_it(checks: Checks) -> None:
    """Here a boot test leaves a bridge."""
    checks.program("ip", f'echo "lo 127.0.0.1/8"; cat {checks.folder}/bridge 2>/dev/null')
    checks.program("pytest", pytest_that(boot=f"{BOOTED}; echo lab0 >{checks.folder}/bridge"))
    assert checks.run() == (1, "23 passed, 0 failed")


def test_a_layer_without_a_test_fails_it(checks: Checks) -> None:
    checks.program("pytest", pytest_that(boot='echo "= no tests ran in 0.01s ="; exit 5'))
    assert checks.run() == (1, "17 passed, 0 failed")


def test_killed_it_leaves_no_test_running(checks: Checks) -> None:
    checks.program("pytest", "echo begun; exec sleep infinity")
    command = (checks.folder / ".ci/checks",)
    environment = checks.environment()
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        assert [line.split()[-1] for line in (running.stdout.readline() for _ in range(2))] == [
            "unit",
            "begun",
        ]
        running.kill()
        assert running.stdout.read() == "", "nobody holds it open any more"


@pytest.mark.timeout(60)
def test_killed_it_leaves_nothing_running_that_a_user_had_started_under_sudo(
    checks: Checks,
) -> None:
    """The builder and the tests, with the real `dev`."""
    make_checkout(checks.folder)
    builders = checks.folder / "builders"
    os.mkfifo(builders)
    checks.program("python", f"exec sleep infinity >{builders}")
    checks.program("pytest", pytest_that(protocol="echo begun; exec sleep infinity"))
    os.chown(checks.folder / "programs", NOBODY, NOBODY)
    environment = {
        **checks.environment(),
        "HOME": str(checks.folder / "home"),
        "HARMONY_CACHE": str(checks.folder / "cache"),
    }
    command = as_user(checks.folder / "sudo", str(checks.folder / ".ci/checks"))
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        with builders.open() as building:
            while running.stdout.readline() != "begun\n":
                assert running.poll() is None
            running.kill()
            assert running.stdout.read() == "", "no test holds it open any more"
            assert building.read() == "", "nor a builder this"


def test_a_users_password_is_kept_fresh_while_it_runs(checks: Checks) -> None:
    checks.program("id", "echo 1000")
    checks.program("sudo", ":")
    assert checks.run()[0] == 0
    assert checks.ran("sudo") == ["sudo -n -v"]
