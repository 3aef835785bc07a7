"""What runs inside the lab, where it is no lab; and how a rehearsal is concluded."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kvm.lab.enter import LAB_PID
from provisioner.cli.called import called
from provisioner.cli.places import StatePlace
from provisioner.cli.rehearsal_main import conclude, main
from provisioner.cli.rehearsal_records import RehearsalRecords
from provisioner.cli.rehearse import WISHES, Wishes
from provisioner.cli.report import as_text, from_json
from provisioner.cli.views import Watch
from tests.provisioner.cli.running import Notebook
from tests.provisioner.cli.test_report import REPORT

pytestmark = pytest.mark.unit

EXAMPLE = Path(__file__).parents[3] / "examples" / "first_boot.py"


def test_outside_of_a_lab_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv(LAB_PID, raising=False)
    wishes = WISHES.dump_json(Wishes()).decode()
    code = main([str(EXAMPLE), str(tmp_path), wishes, "--network-fd", "0"])
    (line,) = capsys.readouterr().out.splitlines()
    words = "error: a lab is only made inside its own namespaces (kvm.lab.enter)"
    assert (code, line.partition(" ")[2]) == (1, words)
    assert StatePlace(tmp_path).log.read_text().rstrip().endswith(f" {line}")


def test_a_rehearsal_that_passed_is_kept_and_says_what_to_do_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site_file, place, notebook = tmp_path / "site.py", StatePlace(tmp_path), Notebook()
    monkeypatch.chdir(tmp_path.parent)
    monkeypatch.delenv("SUDO_UID", raising=False)
    conclude(site_file, place, REPORT, Watch((notebook,)), Wishes())
    assert from_json(place.report.read_bytes()) == REPORT
    assert RehearsalRecords(site_file).of(REPORT.declaration) == REPORT
    program = called(tmp_path.parent)
    assert notebook.said == [
        as_text(REPORT),
        f"next: read the report                   {place.report}",
        f"next: look around, kubectl is there     {program} rehearse {tmp_path.name}/site.py --keep",
        f"next: do it for real, on the jump host  {program} serve {tmp_path.name}/site.py",
    ]


def test_what_to_do_next_names_the_official_binaries(tmp_path: Path) -> None:
    notebook = Notebook()
    site_file, official = tmp_path / "site.py", tmp_path / "official ones"
    wishes = Wishes(kubernetes_binaries=official)
    conclude(site_file, StatePlace(tmp_path), REPORT, Watch((notebook,)), wishes)
    words = f"{site_file} --kubernetes-binaries '{official}'"
    assert notebook.said[-2].endswith(f" rehearse {words} --keep")
    assert notebook.said[-1].endswith(f" serve {words}")


def test_what_to_do_next_has_the_callers_rights(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUDO_UID", "1000")
    notebook = Notebook()
    conclude(tmp_path / "site.py", StatePlace(tmp_path), REPORT, Watch((notebook,)), Wishes())
    words = "next: do it for real, on the jump host  sudo "
    assert notebook.said[-1].startswith(words)


def test_one_that_failed_leaves_its_diagnosis(tmp_path: Path) -> None:
    site_file, place, notebook = tmp_path / "site.py", StatePlace(tmp_path), Notebook()
    failed = replace(REPORT, passed=False, failure="w1 is stuck in state unseen")
    wished = tmp_path / "wanted.json"
    conclude(site_file, place, failed, Watch((notebook,)), Wishes(json_report=wished))
    assert from_json(place.report.read_bytes()) == failed
    assert from_json(wished.read_bytes()) == failed
    assert RehearsalRecords(site_file).of(failed.declaration) == failed
    assert notebook.said == [
        as_text(failed),
        "w1 is stuck in state unseen",
        f"consoles and daemon log: {place.root}",
    ]
