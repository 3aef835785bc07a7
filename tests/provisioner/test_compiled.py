"""The daemon's modules run compiled where they are, and as they are written in every other case."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from provisioner.images import compiled
from provisioner.images.built import Product, write_built
from provisioner.images.cache import Cache
from tests.compiled_modules import cache_with_compiled_modules
from tests.structure.tree import ROOT

pytestmark = [pytest.mark.protocol, pytest.mark.xdist_group("compiled modules")]

ENGINE = "provisioner.protocol.dhcp.engine"
ASKED = f"""
import sys
from pathlib import Path
from provisioner.compiled import put_in_front
print(put_in_front(Path(sys.argv[1])))
import {ENGINE} as engine
print(engine.__file__)
"""
JUDGED = (
    "tests/provisioner/protocol/dhcp",
    "tests/provisioner/serve/test_dhcp_faults.py",
    "tests/provisioner/serve/test_dhcp_server.py",
    "tests/provisioner/serve/test_known_machines.py",
    "tests/provisioner/serve/test_lease_pipeline.py",
    "tests/provisioner/serve/test_ledger.py",
    "tests/provisioner/serve/test_memory.py",
    "tests/provisioner/serve/test_wire_events.py",
    "tests/provisioner/store",
)


def python(*arguments: str | Path) -> str:
    done = subprocess.run(
        (sys.executable, *arguments), cwd=ROOT, text=True, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def what_runs(cache: Path) -> tuple[str, Path]:
    """The words for it, and the file that the engine is then imported from."""
    words, file = python("-c", ASKED, cache).splitlines()
    return words, Path(file)


def folder_in(cache: Path) -> Path:
    return Cache(cache).folder_of(compiled.recipe())


def copied(to: Path) -> Path:
    """A cache with the compiled modules alone; their folder in it."""
    return Path(shutil.copytree(folder_in(cache_with_compiled_modules()), folder_in(to)))


def test_they_run_where_they_are() -> None:
    cache = cache_with_compiled_modules()
    file = folder_in(cache) / f"{ENGINE}{compiled.SUFFIX}"
    assert what_runs(cache) == ("runs compiled", file)


def test_without_them_the_sources_run(tmp_path: Path) -> None:
    words = f"runs its sources: {tmp_path} doesn't have them compiled"
    assert what_runs(tmp_path) == (words, ROOT / "provisioner/protocol/dhcp/engine.py")


def test_those_of_other_sources_are_not_found(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    folder.rename(folder.with_name("0123456789abcdef"))
    words = f"runs its sources: {tmp_path} doesn't have them compiled"
    assert what_runs(tmp_path) == (words, ROOT / "provisioner/protocol/dhcp/engine.py")


def test_damaged_ones_are_not_loaded(tmp_path: Path) -> None:
    library = next(copied(tmp_path).glob("*__mypyc*"))
    whole = library.read_bytes()
    library.write_bytes(whole[: len(whole) // 2] + bytes(len(whole) - len(whole) // 2))
    words = f"runs its sources: the compiled ones in {tmp_path} are damaged"
    assert what_runs(tmp_path) == (words, ROOT / "provisioner/protocol/dhcp/engine.py")


def test_what_cannot_be_imported_leaves_nothing_behind(tmp_path: Path) -> None:
    """Half of the modules are compiled ones when the first that is none comes up."""
    folder = copied(tmp_path)
    (folder / f"{ENGINE}{compiled.SUFFIX}").write_text("no library")
    files = {file.name: file.name for file in folder.glob("*.so")}
    write_built(compiled.NAME, folder.name, Product(files, {}), folder)
    words, file = what_runs(tmp_path)
    assert words.startswith("runs its sources: the compiled ones can't be imported: ")
    assert "file too short" in words or "invalid ELF header" in words
    assert file == ROOT / "provisioner/protocol/dhcp/engine.py"


@pytest.mark.timeout(600)
def test_the_tests_of_the_sources_pass_on_them() -> None:
    said = python("-m", "pytest", "-q", "-p", "tests.compiled_modules", *JUDGED)
    assert " passed" in said.splitlines()[-1]
