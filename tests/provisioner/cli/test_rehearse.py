"""What is refused before a lab is entered."""

from __future__ import annotations

import contextlib
import io
import os
from pathlib import Path

import pytest

from inventory.errors import OperatorError
from kvm.errors import LabNeedsRoot
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


def test_the_log_is_named_first_and_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    told = io.StringIO()
    with contextlib.redirect_stdout(told), pytest.raises(LabNeedsRoot):
        rehearse_site(EXAMPLES / "first_boot.py", Wishes(), tmp_path)
    (folder,) = (tmp_path / "rehearsals").iterdir()
    assert folder.name.startswith("first-boot-")
    assert told.getvalue().splitlines() == [f"the full log: {folder / 'provisioner.log'}"] * 2


def test_wishes_pass_into_the_lab() -> None:
    wishes = Wishes(("w1",), "ready", True, 1.5, Path("/tmp/report.json"))
    assert WISHES.validate_json(WISHES.dump_json(wishes)) == wishes
