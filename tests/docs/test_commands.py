"""Every command that a document shows is run: here, or by what is named here."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from provisioner.cli.main import app
from tests.structure.tree import ROOT, text_of, tracked

pytestmark = pytest.mark.protocol

# Run here: command, exit code, a part of what it says.
QUICK = {
    "./dev help": (0, "./dev rehearse [SITE.py]"),
    "./dev provisioner --help": (0, "rehearse"),
    "./dev provisioner check examples/broken_site.py": (1, "HP0022"),
    "./dev provisioner preflight --help": (0, "SITE.py"),
    "./dev provisioner explain HP0022": (0, "overlap"),
    "./dev test -k lease": (None, ""),
    "./dev test -m unit": (None, ""),
}
# Run by something longer: the file, and the words in it that do it.
ELSEWHERE = {
    "./dev rehearse": ("tests/dev/test_lab_command.py", '"dev"), "rehearse"'),
    "./dev test": (".ci/run", "exec ./dev test"),
    "rm -rf ~/.cache/harmony-provisioner": (
        "tests/provisioner/images/test_cache.py",
        "def test_an_emptied_cache_is_filled_again(",
    ),
}
DEVS_OWN = {
    line.split()[1] for line in text_of(Path("dev")).splitlines() if line.startswith("./dev ")
} | {"help"}


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
    assert [path for path, words in ELSEWHERE.values() if words not in text_of(Path(path))] == []


def mentioned() -> set[str]:
    """What stands after ./dev or in backticks anywhere in a text, an example or vagrant's files."""
    texts = [
        text_of(path)
        for path in tracked()
        if path.suffix == ".md" or path.parts[0] in ("examples", "vagrant")
    ]
    found = re.findall(r"(?:\./dev |`(?=provisioner ))([^`\n>#]+)", "\n".join(texts))
    return {command.strip() for command in found}


def test_each_that_is_mentioned_in_passing_can_be_run() -> None:
    assert "python vagrant/machines.py examples/home_office.py" in mentioned()
    assert "provisioner serve --join" in mentioned()
    assert [command for command in sorted(mentioned()) if not can_be_run(command.split())] == []


def can_be_run(words: list[str]) -> bool:
    """Its verb is one, and its files are there but for SITE.py, the reader's own."""
    if not all((ROOT / word).exists() for word in words if word.endswith(".py") and "/" in word):
        return False
    if words[0] == "provisioner":
        verbs = get_command(app)
        assert isinstance(verbs, TyperGroup)
        return words[1] in verbs.commands or words[1] == "--help"
    return words[0] in DEVS_OWN or (Path(sys.executable).parent / words[0]).exists()


def test_vagrants_machines_are_written_as_its_readme_says() -> None:
    command = ("./dev", "python", "vagrant/machines.py", "examples/home_office.py")
    written = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert written == text_of(Path("vagrant/machines.json"))


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
