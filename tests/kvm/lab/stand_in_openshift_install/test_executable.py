from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from kvm.lab.stand_in_openshift_install.executable import write_executable
from tests.kvm.lab.stand_in_openshift_install.configs import directory

pytestmark = pytest.mark.protocol


def test_one_file_that_needs_nothing_of_its_environment(tmp_path: Path) -> None:
    program = write_executable(tmp_path / "openshift-install", "4.19.0-okd-scos.19")
    folder = directory(tmp_path / "assets")
    for words in ("version", "create ignition-configs"):
        run = (str(program), *words.split(), "--dir", str(folder))
        done = subprocess.run(run, env={}, cwd="/", capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    assert (folder / "bootstrap.ign").exists()


def test_its_exit_code_is_the_commands(tmp_path: Path) -> None:
    program = write_executable(tmp_path / "openshift-install", "4.19")
    done = subprocess.run(
        [program, "create", "manifests", "--dir", tmp_path], capture_output=True, check=False
    )
    assert done.returncode == 3
