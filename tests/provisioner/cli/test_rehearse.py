"""What is refused before a lab is entered."""

from __future__ import annotations

import contextlib
import io
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from inventory.errors import OperatorError
from provisioner.cli.rehearse import WISHES, Wishes, rehearse_site

pytestmark = pytest.mark.unit

EXAMPLES = Path(__file__).parents[3] / "examples"


@pytest.mark.parametrize(
    ("wishes", "words"),
    [
        (
            Wishes(until="redy"),
            "--until redy: there is no such state; take one of discovered, inventoried, assigned, "
            "installing, installed, ready, done",
        ),
        (
            Wishes(hosts=("w9", "m1", "w8"), until="ready"),
            "--host w8, w9: the declaration has m1",
        ),
        (
            Wishes(hosts=("m1",)),
            "--host needs --until STATE: with some hosts only, the Scores can't be carried out",
        ),
    ],
)
def test_wishes_that_can_not_be(tmp_path: Path, wishes: Wishes, words: str) -> None:
    with pytest.raises(OperatorError) as refused:
        rehearse_site(EXAMPLES / "first_boot.py", wishes, tmp_path)
    assert str(refused.value) == words
    assert list(tmp_path.iterdir()) == []


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


def test_what_is_run_in_the_lab_and_what_is_said_around_it(tmp_path: Path) -> None:
    told, entered = io.StringIO(), list[Sequence[str]]()

    def enter(command: Sequence[str]) -> int:
        entered.append(command)
        return 3

    wishes = Wishes(until="ready")
    with contextlib.redirect_stdout(told):
        assert rehearse_site(EXAMPLES / "first_boot.py", wishes, tmp_path, enter) == 3
    (folder,) = (tmp_path / "rehearsals").iterdir()
    assert folder.name.startswith("first-boot-")
    assert told.getvalue().splitlines() == [f"the full log: {folder / 'provisioner.log'}"] * 2
    site_file = str(EXAMPLES / "first_boot.py")
    program = [sys.executable, "-m", "provisioner.cli.rehearsal_main"]
    assert entered == [[*program, site_file, str(folder), WISHES.dump_json(wishes).decode()]]


def test_wishes_pass_into_the_lab() -> None:
    wishes = Wishes(("w1",), "ready", True, 1.5, Path("/tmp/report.json"))
    assert WISHES.validate_json(WISHES.dump_json(wishes)) == wishes
