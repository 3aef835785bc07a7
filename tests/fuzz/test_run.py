"""Every target for a bounded number of inputs, the same ones every time."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz.run import TARGETS, fuzz

pytestmark = pytest.mark.protocol

RUNS = 20_000
RUNS_OF_THE_SLOW = {"dns_upstream": 6_000}
NO_TARGETS = {"__init__", "datagrams", "run", "test_run"}


@pytest.mark.parametrize("target", TARGETS)
def test_no_input_breaks_it(target: str, tmp_path: Path) -> None:
    runs = RUNS_OF_THE_SLOW.get(target, RUNS)
    done = fuzz(
        target,
        *(f"-runs={runs}", "-seed=1", "-timeout=10", "-rss_limit_mb=1024"),
        f"-artifact_prefix={tmp_path}/",
    )
    broken_by = [f"{file.name}: {file.read_bytes().hex()}" for file in tmp_path.iterdir()]
    assert done.returncode == 0, "\n".join((done.stdout[-6000:], *broken_by))
    assert f"Done {runs} runs" in done.stdout


def test_every_target_is_run() -> None:
    files = {file.stem for file in Path(__file__).parent.glob("*.py")}
    assert files - NO_TARGETS == set(TARGETS)
