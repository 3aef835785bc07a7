"""What each file keeps: its length, its name, no paths of one machine, no mocks; READMEs."""

from __future__ import annotations

import re

import pytest

from tests.structure.tree import PACKAGES, python_files, sources, text_of, tracked

pytestmark = pytest.mark.unit

LONGEST = 300
LONGEST_README = 25
README_FOLDERS = (*PACKAGES, "bench", "examples", "docs", "tests", "vagrant")
NAMES_THAT_SAY_NOTHING = re.compile(
    r"(^|_)(utils?|helpers?|common|managers?|base|misc|data|info|process)(_|$)"
)
# Written as pieces so that this file keeps its own rule.
OF_ONE_MACHINE = re.compile(
    "|".join(
        (
            r"(?<![\w.])/" + r"work/",
            r"/tmp" + r"/w/",
            r"pypi" + r"\.org",
            r"files\.python" + r"hosted",
            r"deb\.debian" + r"\.org",
            r"security\.debian" + r"\.org",
            r"registry\.npm" + r"js",
            r"BEGIN (RSA |EC |OPENSSH )?PRIVATE" + r" KEY",
        )
    )
)
MOCKS = re.compile(
    r"\b(Magic" + r"Mock|unittest\.mo" + r"ck|monkeypatch\.seta" + r"ttr|mock" + r"er)\b"
)


def test_no_file_has_two_nouns() -> None:
    long = {str(path): text_of(path).count("\n") for path in python_files()}
    assert {name: lines for name, lines in long.items() if lines > LONGEST} == {}


def test_names_say_something() -> None:
    parts = {part for path in sources() for part in (*path.parts[:-1], path.stem)}
    assert [part for part in sorted(parts) if NAMES_THAT_SAY_NOTHING.search(part)] == []


def test_each_top_folder_has_a_short_readme() -> None:
    readmes = {
        path.parts[0]: text_of(path).count("\n")
        for path in tracked()
        if path.name == "README.md" and len(path.parts) == 2
    }
    folders = {path.parts[0] for path in tracked() if len(path.parts) > 1}
    assert [folder for folder in README_FOLDERS if folder in folders - readmes.keys()] == []
    assert {folder: lines for folder, lines in readmes.items() if lines > LONGEST_README} == {}


def test_nothing_names_one_machine_or_a_registry() -> None:
    found = [
        f"{path}:{number}: {line.strip()}"
        for path in tracked()
        for number, line in enumerate(text_of(path).splitlines(), 1)
        if OF_ONE_MACHINE.search(line)
    ]
    assert found == []


def test_fakes_are_written_by_hand() -> None:
    assert [str(path) for path in python_files() if MOCKS.search(text_of(path))] == []
