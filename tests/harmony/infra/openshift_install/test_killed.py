"""The whole of it under kill -9: of the run at each of its steps, and of a run whose installer lives on."""

from __future__ import annotations

import asyncio
import os
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from harmony.domain.capability.cluster_installer import InstallationAssetsSpec
from harmony.domain.outcome import Change
from harmony.infra.openshift_install.errors import InstallerAtWorkError
from inventory.contribution import Artifact
from tests.harmony.infra.openshift_install.killed import installer
from tests.harmony.infra.openshift_install.programs import (
    CLUSTER,
    LEFT,
    latest,
    observed,
    plain,
    spec,
    stand_in,
)

pytestmark = pytest.mark.protocol

STEPS = (
    "lock held",
    "left-overs removed",
    "plain folder made",
    "version checked",
    "install-config written",
    "manifests made",
    "manifests added",
    "ignition configs made",
    "sealed",
    "plain folder removed",
)


def ensure(folder: Path, wanted: InstallationAssetsSpec) -> Change:
    return asyncio.run(installer(folder).ensure_installation_assets(wanted))


def kill(folder: Path, program: Artifact, step: int) -> list[str]:
    """The steps that a process of its own had done when it was killed."""
    run = (sys.executable, "-m", "tests.harmony.infra.openshift_install.killed")
    words = (*run, str(folder), program.path, str(step))
    done = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=False)
    assert done.returncode == (-signal.SIGKILL if step else 0)
    return done.stdout.splitlines()


@pytest.mark.parametrize("step", range(1, len(STEPS) + 1))
def test_killed_at_any_step_it_goes_on_and_half_a_directory_is_never_taken_for_whole(
    tmp_path: Path, step: int
) -> None:
    program = stand_in(tmp_path / "p")
    assert kill(tmp_path, program, step) == list(STEPS[:step])
    is_sealed = "sealed" in STEPS[:step]
    before = observed(installer(tmp_path)).latest
    assert (before is not None, plain(tmp_path)) == (is_sealed, [])
    assert ensure(tmp_path, spec(program)).changed is not is_sealed
    after = latest(installer(tmp_path))
    assert after.files.keys() >= {*LEFT, "bootstrap.ign", "master.ign", "worker.ign"}
    assert before in (None, after)
    assert (after.generation, plain(tmp_path)) == (1, [])


def test_not_killed_these_are_all_steps(tmp_path: Path) -> None:
    assert kill(tmp_path, stand_in(tmp_path / "p"), 0) == list(STEPS)


@pytest.mark.parametrize("command", ["version", "create manifests", "create ignition-configs"])
def test_an_installer_that_outlives_its_run_is_waited_for(tmp_path: Path, command: str) -> None:
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    once = tmp_path / "once"
    script = (
        f'if test ! -e {once} && case "$*" in {shlex.quote(command)}*) true;; *) false;; esac\n'
        f"then : > {once}; kill -KILL $PPID; cat {gate}; fi"
    )
    program = stand_in(tmp_path / "p", before=script)
    run = (sys.executable, "-m", "tests.harmony.infra.openshift_install.killed")
    done = subprocess.run(
        [*run, str(tmp_path), program.path, "0"], stdout=subprocess.DEVNULL, check=False
    )
    assert done.returncode == -signal.SIGKILL
    for _ in range(2):
        with pytest.raises(InstallerAtWorkError):
            ensure(tmp_path, spec(program))
    assert observed(installer(tmp_path)).latest is None
    assert len(plain(tmp_path)) == 1
    gate.write_text("go on")
    wait_for_the_lock(tmp_path / "kept/clusters" / CLUSTER / "lock")
    assert ensure(tmp_path, spec(program)).changed
    assert plain(tmp_path) == []


def wait_for_the_lock(path: Path) -> None:
    subprocess.run(["flock", "--timeout", "60", str(path), "true"], check=True)
