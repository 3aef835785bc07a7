"""The wheel has everything that a checkout has of the product, and runs without one."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from tests.structure.tree import PACKAGES, ROOT, tracked

pytestmark = pytest.mark.protocol


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder)
    return next(folder.glob("*.whl"))


def run(*command: str | Path, folder: Path = ROOT) -> str:
    """What the command says; AssertionError with all it said if it fails."""
    done = subprocess.run(command, cwd=folder, text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_it_has_every_file_of_the_product(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    assert [
        str(path) for path in tracked() if path.parts[0] in PACKAGES and str(path) not in inside
    ] == []
    assert any(name.endswith("licenses/LICENSE") for name in inside)
    assert not [name for name in inside if name.startswith(("tests/", "examples/"))]


def test_it_runs_from_a_fresh_environment(wheel: Path, tmp_path: Path) -> None:
    """The dependencies are this environment's (they are tested with locked hashes by ./dev itself)."""
    fresh = tmp_path / "venv"
    run(sys.executable, "-m", "venv", "--without-pip", fresh)
    packages = next(fresh.glob("lib/python*/site-packages"))
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    pip = (sys.executable, "-m", "pip", "--quiet", "--python", fresh / "bin/python")
    run(*pip, "install", "--no-index", "--no-deps", "--ignore-installed", wheel, folder=tmp_path)
    places = run(
        fresh / "bin/python",
        "-c",
        "import provisioner; print(provisioner.__file__)",
        folder=tmp_path,
    )
    assert places.startswith(str(packages))
    assert "rehearse" in run(fresh / "bin/provisioner", "--help", folder=tmp_path)
