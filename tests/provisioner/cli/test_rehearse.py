"""What is refused before a lab is entered."""

from __future__ import annotations

import contextlib
import io
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from inventory.errors import OperatorError
from provisioner.cli.places import StatePlace
from provisioner.cli.rehearse import WISHES, Wishes, rehearse_site

pytestmark = pytest.mark.unit

EXAMPLES = Path(__file__).parents[3] / "examples"


@pytest.fixture
def site_file(tmp_path: Path) -> Path:
    return Path(shutil.copy(EXAMPLES / "first_boot.py", tmp_path))


def never(command: Sequence[str]) -> int:
    raise AssertionError(f"entered a lab for {command}")


@pytest.mark.parametrize(
    ("wishes", "words"),
    [
        (
            Wishes(until="redy"),
            "--until redy: there is no such state; take one of discovered, inventoried, assigned, "
            "installing, installed, ready, done",
        ),
        (Wishes(hosts=("w9",), until="ready"), "--host w9: the declaration has m1"),
        (
            Wishes(json_report=Path("/nowhere/report.json")),
            "nothing can be written to /nowhere/report.json: No such file or directory",
        ),
    ],
)
def test_wishes_that_can_not_be(site_file: Path, wishes: Wishes, words: str) -> None:
    with pytest.raises(OperatorError) as refused:
        rehearse_site(site_file, wishes, site_file.parent / "state", never)
    assert str(refused.value) == words


def test_what_a_lab_would_not_see(site_file: Path) -> None:
    with pytest.raises(OperatorError) as refused:
        rehearse_site(site_file, Wishes(), Path("/run/harmony-test"), never)
    assert str(refused.value) == (
        "/run/harmony-test/rehearsals: a lab sees nothing of this machine there: move it elsewhere"
    )
    assert not Path("/run/harmony-test").exists()


def test_a_faulty_declaration(tmp_path: Path) -> None:
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        assert rehearse_site(EXAMPLES / "broken_site.py", Wishes(), tmp_path) == 1
    assert "error[HP" in told.getvalue()
    assert list(tmp_path.iterdir()) == []


def test_a_plain_installation_serves_but_does_not_rehearse(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "libvirt", None)
    with pytest.raises(OperatorError) as refused:
        rehearse_site(EXAMPLES / "first_boot.py", Wishes(), tmp_path)
    assert "pipx install 'harmony-provisioner[lab]'" in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_what_is_run_in_the_lab_and_what_is_said_around_it(site_file: Path) -> None:
    told, entered = io.StringIO(), list[Sequence[str]]()
    state, report = site_file.parent / "state", site_file.parent / "wanted.json"

    def enter(command: Sequence[str]) -> int:
        entered.append(command)
        assert not report.exists()
        assert (site_file.parent / ".harmony" / "rehearsals").is_dir()
        return 3

    report.write_text("of an earlier run")
    wishes = Wishes(until="ready", json_report=report)
    with contextlib.redirect_stdout(told):
        assert rehearse_site(site_file, wishes, state, enter) == 3
    (folder,) = (state / "rehearsals").iterdir()
    assert folder.name.startswith("first-boot-")
    assert told.getvalue().splitlines() == [f"the full log: {folder / 'provisioner.log'}"] * 2
    program = [sys.executable, "-m", "provisioner.cli.rehearsal_main"]
    assert entered == [[*program, str(site_file), str(folder), WISHES.dump_json(wishes).decode()]]


def test_a_report_where_the_lab_has_memory_of_its_own_is_fetched(site_file: Path) -> None:
    with tempfile.TemporaryDirectory(dir="/run") as folder:
        wished = Path(folder, "wanted.json")

        def enter(command: Sequence[str]) -> int:
            StatePlace(Path(command[4])).report.write_text("{}")
            return 0

        rehearse_site(site_file, Wishes(json_report=wished), site_file.parent / "state", enter)
        assert wished.read_text() == "{}"


def test_wishes_pass_into_the_lab() -> None:
    wishes = Wishes(("w1",), "ready", True, 1.5, Path("/tmp/report.json"), Path("/official"))
    assert WISHES.validate_json(WISHES.dump_json(wishes)) == wishes
