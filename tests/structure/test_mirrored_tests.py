"""One file, one noun, one test file with the mirrored path."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.structure.tree import ROOT, has_function_body, sources, tracked

pytestmark = pytest.mark.unit

# Tested elsewhere, each with the place and why.
ELSEWHERE: dict[str, str] = {
    "provisioner/composition.py": "tests/provisioner/test_daemon.py: in a process of its own",
    "provisioner/agent/boot_partition.py": "tests/provisioner/agent/test_main.py: needs a kernel's disk",
}


def mirrored(source: Path) -> Path:
    name = "package" if source.stem == "__init__" else source.stem.strip("_")
    return Path("tests", *source.parts[:-1], f"test_{name}.py")


def test_each_file_that_does_something_has_its_test_file() -> None:
    missing = [
        f"{source}: no {mirrored(source)}"
        for source in sources()
        if str(source) not in ELSEWHERE
        and has_function_body(source)
        and not (ROOT / mirrored(source)).exists()
    ]
    assert missing == []


def test_the_exceptions_exist_and_are_needed() -> None:
    stale = [
        name
        for name, where in ELSEWHERE.items()
        if not (ROOT / name).exists()
        or mirrored(Path(name)) in tracked()
        or not (ROOT / where.split(":", 1)[0]).exists()
    ]
    assert stale == []
