"""`./dev` installs: it says how far it is, and waits for another apt."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.dev.checkout import make_checkout, program

pytestmark = pytest.mark.protocol

OPTIONS = "--quiet --option DPkg::Lock::Timeout=300"


@dataclass(frozen=True)
class Installing:
    """A checkout that lacks one package, with an apt-get of ours."""

    folder: Path

    def apt_get(self, script: str) -> None:
        program(
            self.folder / "programs/apt-get",
            '[ "$2" != --simulate ] || exit 0\n'
            f'echo "$*" >>{self.folder}/ran\ncount=$(wc -l <{self.folder}/ran)\n{script}',
        )

    def start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            (str(self.folder / "dev"), "true"),
            env={
                "PATH": f"{self.folder}/programs:{os.environ['PATH']}",
                "HOME": str(self.folder / "home"),
                "TMPDIR": str(self.folder),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def ran(self) -> list[str]:
        return (self.folder / "ran").read_text().splitlines()


@pytest.fixture
def installing(tmp_path: Path) -> Installing:
    make_checkout(tmp_path)
    (tmp_path / "programs").mkdir()
    program(tmp_path / "programs/dpkg-query", ":")
    program(tmp_path / "programs/sleep", ":")
    return Installing(tmp_path)


def test_while_another_apt_holds_a_lock_it_tries_again(installing: Installing) -> None:
    """As at the first start of a Debian that upgrades itself."""
    installing.apt_get(
        "[ $count != 1 ] || { echo 'E: Could not get lock /var/lib/apt/lists/lock.'; exit 100; }"
    )
    with installing.start() as running:
        said, _ = running.communicate(timeout=60)
    assert running.returncode == 0, said
    update, install = f"{OPTIONS} update", f"{OPTIONS} install --yes --no-install-recommends bash"
    assert installing.ran() == [update, update, install]


def test_any_other_failure_is_told_at_once(installing: Installing) -> None:
    installing.apt_get("echo 'E: no mirror'; exit 100")
    with installing.start() as running:
        said, _ = running.communicate(timeout=60)
    assert running.returncode == 1
    assert "E: no mirror\nFAILED: " in said
    assert len(installing.ran()) == 1


def test_what_takes_long_is_not_silent(installing: Installing) -> None:
    installing.apt_get(
        f'[ "$4" = install ] || exit 0; echo "Setting up bash"; read -r <{installing.folder}/gate'
    )
    os.mkfifo(installing.folder / "gate")
    with installing.start() as running:
        assert running.stdout is not None
        said = ""
        while "after 20 s: Setting up bash" not in said:
            said = running.stdout.readline()
            assert said, "it ended"
        (installing.folder / "gate").write_text("\n")
        assert running.wait(60) == 0
        assert running.stdout.read() == "", "the beat holds it open no more"
