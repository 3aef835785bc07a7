from __future__ import annotations

from pathlib import Path

import pytest

from kvm.lab.stand_in_openshift_install.command import LOG, main
from tests.kvm.lab.stand_in_openshift_install.configs import directory

pytestmark = pytest.mark.protocol


def run(*words: str) -> int:
    return main("4.19.0-okd-scos.19", 0.0, words)


def test_its_version_and_the_release_that_it_installs(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENSHIFT_INSTALL_RELEASE_IMAGE_OVERRIDE", "mirror:5000/okd@sha256:00")
    assert run("version") == 0
    first, *rest = capsys.readouterr().out.splitlines()
    assert first.endswith(" 4.19.0-okd-scos.19")
    assert rest == [
        "built from commit stand-in",
        "release image mirror:5000/okd@sha256:00",
        "release architecture amd64",
    ]


def test_each_target_leaves_a_line_in_the_log(tmp_path: Path) -> None:
    folder = directory(tmp_path)
    assert run("create", "manifests", "--dir", str(folder)) == 0
    assert run("create", "ignition-configs", "--dir", str(folder), "--log-level", "debug") == 0
    assert [line.split(" ", 1)[1] for line in (folder / LOG).read_text().splitlines()] == [
        f'level=info msg="create {target} made in: {folder}"'
        for target in ("manifests", "ignition-configs")
    ]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("create", "manifests"), 3, "level=fatal msg=failed to fetch create manifests"),
        (("wait-for", "bootstrap-complete"), 1, "level=fatal msg=loading kubeconfig"),
        (("create", "cluster"), 1, 'unknown command "create cluster"'),
        (("agent", "wait-for", "anything"), 1, 'unknown command "agent wait-for anything"'),
    ],
)
def test_what_it_refuses(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], code: int, said: str
) -> None:
    assert run(*words, "--dir", str(tmp_path)) == code
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("wait-for bootstrap-complete", 5),
        ("wait-for install-complete", 6),
        ("agent wait-for bootstrap-complete", 5),
        ("agent wait-for install-complete", 6),
    ],
)
def test_its_patience_ends(tmp_path: Path, words: str, code: int) -> None:
    folder = directory(tmp_path)
    assert run("create", "ignition-configs", "--dir", str(folder)) == 0
    kubeconfig = folder / "auth/kubeconfig"
    nobody = kubeconfig.read_text().replace("api.okd.home.example:6443", "127.0.0.1:1")
    kubeconfig.write_text(nobody)
    assert run(*words.split(), "--dir", str(folder)) == code
