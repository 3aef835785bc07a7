"""Every command that a document shows is run: here, or by what is named here."""

from __future__ import annotations

import re
import subprocess

import pytest

from tests.structure.tree import ROOT, text_of, tracked

pytestmark = pytest.mark.protocol

# Run here: command, exit code, a part of what it says.
QUICK = {
    "./dev help": (0, "./dev rehearse [SITE.py]"),
    "./dev provisioner --help": (0, "rehearse"),
    "./dev provisioner check examples/broken_site.py": (1, "HP0022"),
    "./dev provisioner explain HP0022": (0, "overlap"),
    "./dev test -k lease": (None, ""),
    "./dev test -m unit": (None, ""),
}
# Run by something longer.
ELSEWHERE = {
    "./dev rehearse": "examples/home_office.py",
    "./dev test": ".ci/run",
    "rm -rf ~/.cache/harmony-provisioner": "tests/provisioner/images/test_cache.py",
}


def shown() -> set[str]:
    """The lines after a `$` in every document's console blocks, without their comments."""
    documents = [path for path in tracked() if path.suffix == ".md"]
    blocks = [
        block
        for path in documents
        for block in re.findall(r"```console\n(.*?)```", text_of(path), re.DOTALL)
    ]
    lines = [line[2:] for block in blocks for line in block.splitlines() if line.startswith("$ ")]
    return {line.split("  #")[0].strip() for line in lines}


def test_each_is_known_here() -> None:
    assert shown() == QUICK.keys() | ELSEWHERE.keys()
    assert [path for path in ELSEWHERE.values() if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("command", [name for name, (code, _) in QUICK.items() if code is not None])
def test_it_does_what_the_document_says(command: str) -> None:
    code, part = QUICK[command]
    done = subprocess.run(
        command.split(), cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )
    assert (done.returncode, done.stderr) == (code, "")
    assert part in done.stdout


@pytest.mark.parametrize(("option", "value"), [("-k", "lease"), ("-m", "unit")])
def test_arguments_of_dev_test_are_pytests_alone(option: str, value: str) -> None:
    """Only collected: this very test may be part of such a run."""
    done = subprocess.run(
        ("./dev", "test", option, value, "--collect-only", "--quiet"),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"\d+/\d+ tests collected", done.stdout)
