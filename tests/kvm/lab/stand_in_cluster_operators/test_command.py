from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from kvm.lab.stand_in_cluster_operators.command import main

pytestmark = pytest.mark.protocol

ONE_MEMBER = json.dumps({"members": [{"ID": 1, "name": "etcd-bootstrap"}]})
# No other test of this folder says it, so that the cluster has yet to be told.
VERSION = "4.19.0-of-a-command"
TRIES = 100


def arguments(kubeconfig: Path, passes: int, *members: str) -> list[str]:
    named = ("--kubeconfig", str(kubeconfig), "--control-plane", "cp9", "--version", VERSION)
    return [*named, "--pause", "0.1", "--passes", str(passes), "--", *members]


def test_passes_are_made_one_after_the_other(
    kubeconfig: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # Right after they are defined, kinds aren't served.
    tried = (main(arguments(kubeconfig, 2, "echo", ONE_MEMBER)) for _ in range(TRIES))
    assert 0 in tried
    said = capsys.readouterr()
    assert "wrote /apis/config.openshift.io/v1/clusterversions/version/status\n" in said.out
    assert main(arguments(kubeconfig, 1, "echo", ONE_MEMBER)) == 0
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (("/nowhere/etcdctl",), "No such file or directory"),
        (("false",), "false ended with 1"),
        (("echo", "connection refused"), "isn't JSON"),
        ((sys.executable, "-c", "import os; os.write(1, bytes([255]))"), "isn't JSON"),
    ],
)
def test_what_cannot_be_seen_now_is_waited_for(
    kubeconfig: Path, capsys: pytest.CaptureFixture[str], command: tuple[str, ...], why: str
) -> None:
    assert main(arguments(kubeconfig, 2, *command)) == 1
    said = capsys.readouterr()
    assert [why in line for line in said.err.splitlines()] == [True, True]
    assert said.out == ""


def test_a_kubeconfig_may_come_later(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments(tmp_path / "kubeconfig", 1, "echo", ONE_MEMBER)) == 1
    assert "No such file or directory" in capsys.readouterr().err
