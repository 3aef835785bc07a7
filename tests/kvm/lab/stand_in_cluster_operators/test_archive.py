from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from kvm.lab.stand_in_cluster_operators.archive import write_archive

pytestmark = pytest.mark.protocol

TRIES = 100


def run(archive: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Without this project, and without any library but Python's own."""
    command = (sys.executable, "-I", "-S", str(archive), *arguments)
    return subprocess.run(
        command, env={}, cwd="/", capture_output=True, text=True, check=False, timeout=60
    )


def test_one_file_that_needs_nothing_but_python(tmp_path: Path) -> None:
    archive = write_archive(tmp_path / "stand-in-cluster-operators")
    done = run(archive, "--help")
    assert done.returncode == 0, done.stderr
    missing = tmp_path / "kubeconfig"
    named = ("--kubeconfig", str(missing), "--control-plane", "m0", "--version", "4.19")
    done = run(archive, *named, "--passes", "1", "true")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"waiting: kubeconfig {missing}: ")


def test_it_makes_whole_passes_so(kubeconfig: Path, tmp_path: Path) -> None:
    archive = write_archive(tmp_path / "stand-in-cluster-operators")
    named = ("--kubeconfig", str(kubeconfig), "--control-plane", "m9", "--version", "4.19")
    members = ("echo", '{"members": [{"name": "etcd-bootstrap"}]}')
    # Right after they are defined, kinds aren't served.
    tried = (run(archive, *named, "--passes", "1", "--", *members) for _ in range(TRIES))
    assert 0 in (done.returncode for done in tried)


def test_it_is_the_same_whenever_it_is_made(tmp_path: Path) -> None:
    one, other = (write_archive(tmp_path / name).read_bytes() for name in ("one", "other"))
    assert one == other
