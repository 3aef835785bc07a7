from __future__ import annotations

import io
from pathlib import Path

import pytest
from typer.testing import CliRunner

from provisioner.cli.check import check_file
from provisioner.cli.main import app
from provisioner.images.kubernetes import PROGRAMS

pytestmark = pytest.mark.unit

EXAMPLES = Path(__file__).parents[3] / "examples"


def checked(example: str, folder: Path) -> tuple[int, list[str]]:
    out = io.StringIO()
    path = EXAMPLES / example
    code = check_file(path, as_json=False, out=out, kubernetes_binaries=folder)
    return code, out.getvalue().replace(f"{path}", example).splitlines()


def test_a_folder_that_lacks_programs_is_told_at_the_cluster(tmp_path: Path) -> None:
    for name in PROGRAMS:
        (tmp_path / name).touch()
    assert checked("home_office.py", tmp_path)[0] == 0
    (tmp_path / "kubelet").unlink()
    code, lines = checked("home_office.py", tmp_path)
    assert code == 1
    assert lines[0] == (f'error[HP0304]: KubernetesCluster "home" lacks kubelet: not in {tmp_path}')
    assert lines[1].strip().startswith("--> home_office.py:")
    assert lines[4].endswith("^^^^^^^^^^^^^^^^^ its nodes run them")
    assert checked("first_boot.py", tmp_path)[0] == 0


def test_a_folder_that_is_not_there_lacks_all(tmp_path: Path) -> None:
    folder = tmp_path / "nowhere"
    command = ["check", str(EXAMPLES / "home_office.py"), "--kubernetes-binaries", str(folder)]
    told = CliRunner().invoke(app, command)
    assert told.exit_code == 1
    assert f"lacks {', '.join(PROGRAMS)}: not in {folder}" in told.stdout
