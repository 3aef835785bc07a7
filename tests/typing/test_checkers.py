"""mypy and pyright say what we claim they say of the samples beside this file."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit

HERE = Path(__file__).parent
ROOT = HERE.parents[1]

MYPY = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary"]
PYRIGHT = [str(Path(sys.executable).parent / "pyright")]


def run(command: list[str], *files: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*command, *map(str, files)], cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("command", [MYPY, PYRIGHT], ids=["mypy", "pyright"])
@pytest.mark.parametrize("sample", ["accepted.py", "rejected.py"])
def test_checker_agrees_with_the_sample(command: list[str], sample: str) -> None:
    """rejected.py too is clean: every line that must be an error carries an ignore that is used."""
    told = run(command, HERE / sample)
    assert told.returncode == 0, told.stdout + told.stderr


@pytest.fixture(scope="module")
def bared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """rejected.py without its ignores."""
    text = (HERE / "rejected.py").read_text(encoding="utf-8")
    path = tmp_path_factory.mktemp("bared") / "bared.py"
    path.write_text(re.sub(r"  # (type|pyright): ignore\[[\w-]+\]", "", text), encoding="utf-8")
    return path


def test_mypy_names_the_types_that_do_not_fit(bared: Path) -> None:
    said = run(MYPY, bared).stdout
    expected = (
        'Argument 1 to "register" of "Maestro" has incompatible type "NamesScore"; '
        'expected "Score[Bare]"'
    )
    assert expected in said
    assert 'incompatible type "ZoneScore"; expected "Score[Failover[Bare]]"' in said


def test_pyright_names_the_missing_method(bared: Path) -> None:
    # pyright reads the project's settings only for files inside of the project.
    inside = HERE / "bared_for_pyright.py"
    inside.write_text(bared.read_text(encoding="utf-8"), encoding="utf-8")
    try:
        said = run(PYRIGHT, inside).stdout
    finally:
        inside.unlink()
    assert '"NamesScore" is not assignable to "Score[Bare]"' in said
    assert '"ensure_dns_records" is not present' in said
    assert '"ensure_reservations" is not present' in said
