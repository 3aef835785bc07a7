"""Each contest at a tiny scale, so that it can't rot: what it measures is not judged here."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bench.__main__ import CONTESTS, main, run, told_in_full
from bench.effort import Effort
from bench.figure import OURS, AtLeast, AtMost, Figure
from bench.ground import Ground
from provisioner.cli.places import cache_folder
from tests.structure.tree import ROOT, text_of

TINY = Effort(rounds=1, seconds=1, quick=True, scale=0.01, trials=1)


@pytest.mark.protocol
@pytest.mark.parametrize("name", CONTESTS)
def test_it_runs_and_is_kept(tmp_path: Path, name: str) -> None:
    figures = run([name], TINY, tmp_path / "results", Ground(tmp_path, cache_folder().absolute()))
    told = json.loads((tmp_path / "results" / f"{name}.json").read_text())
    assert [figure["what"] for figure in told["figures"]] == [figure.what for figure in figures]
    assert all(len(figure["rounds"][OURS]) == 1 for figure in told["figures"])
    assert told["machine"]["cores"]


@pytest.mark.unit
def test_each_figure_that_falls_short_is_named_and_it_ends_with_1(
    capsys: pytest.CaptureFixture[str],
) -> None:
    good = Figure("speed", "1/s", {OURS: (90.0,)}, AtLeast(80))
    slow, heavy = replace(good, goal=AtLeast(100)), Figure("MB", "", {OURS: (9.0,)}, AtMost(8))
    assert told_in_full([good]) == 0
    assert "FALLS SHORT" not in capsys.readouterr().out
    assert told_in_full([good, slow, heavy]) == 1
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "FALLS SHORT: speed: 90, the goal is ≥ 100",
        "FALLS SHORT: MB: 9, the goal is ≤ 8",
    ]


@pytest.mark.unit
def test_what_is_not_there_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["smtp"])
    assert "there is no smtp, only dhcp, tftp, http, dns, storm, growth" in capsys.readouterr().err


@pytest.mark.unit
def test_dev_names_each() -> None:
    usage = next(
        line for line in text_of(Path("dev")).splitlines() if line.startswith("./dev bench")
    )
    assert ", ".join(CONTESTS) in usage
    assert (ROOT / "bench" / "README.md").exists()
