"""A rehearsal's folder: its own, held, and rid of disks when it has ended."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from provisioner.cli.places import StatePlace
from provisioner.cli.rehearsal_folder import rehearsal_folder
from tests.structure.tree import ROOT

pytestmark = pytest.mark.unit

HOLDING = """
import sys
from pathlib import Path
from provisioner.cli.rehearsal_folder import rehearsal_folder
with rehearsal_folder(Path(sys.argv[1]), "home"):
    print("held", flush=True)
    sys.stdin.read()
"""


def put_machine(folder: Path) -> tuple[Path, Path]:
    machine = StatePlace(folder).machines / "w1"
    machine.mkdir(parents=True)
    disk, console = machine / "disk-1.qcow2", machine / "console.log"
    disk.touch()
    console.touch()
    return disk, console


def test_its_disks_are_gone_when_it_has_ended_and_the_rest_stays(tmp_path: Path) -> None:
    with rehearsal_folder(tmp_path / "rehearsals", "home") as place:
        assert place.root == tmp_path / "rehearsals/home"
        disk, console = put_machine(place.root)
        with rehearsal_folder(tmp_path / "rehearsals", "home") as second:
            assert second.root == tmp_path / "rehearsals/home-2"
        assert disk.exists(), "this rehearsal is still running"
    assert (disk.exists(), console.exists()) == (False, True)


def test_one_that_was_killed_is_cleared_by_the_next(tmp_path: Path) -> None:
    with subprocess.Popen(
        (sys.executable, "-c", HOLDING, str(tmp_path)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as killed:
        assert killed.stdout is not None
        assert killed.stdout.readline() == b"held\n"
        disk, _ = put_machine(tmp_path / "home")
        with rehearsal_folder(tmp_path, "other"):
            assert disk.exists(), "it is still running"
        killed.kill()
    with rehearsal_folder(tmp_path, "other"):
        assert not disk.exists()
