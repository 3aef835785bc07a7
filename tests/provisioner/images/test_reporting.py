"""What a build's caller reads."""

from __future__ import annotations

import json

import pytest

from inventory.contribution import Artifact
from provisioner.images.built import Built
from provisioner.images.progress import Estimate, Steps
from provisioner.images.reporting import Reporter, built_line, error_line, progress_line

pytestmark = pytest.mark.unit


def test_the_three_kinds_of_line() -> None:
    artifact = Artifact("node-image", "ab" * 32, 7, "/cache/node-image")
    lines = (
        progress_line("node-image", Estimate(61, 120)),
        built_line(Built("node-image", "12", (artifact,), {"kernel": "6.1"})),
        error_line("node-image", ValueError("no space left")),
    )
    assert [json.loads(line) for line in lines] == [
        {"name": "node-image", "percent": 61, "remaining_seconds": 120},
        {
            "name": "node-image",
            "artifacts": [
                {"name": "node-image", "sha256": "ab" * 32, "size": 7, "path": "/cache/node-image"}
            ],
            "versions": {"kernel": "6.1"},
        },
        {"name": "node-image", "error": "no space left"},
    ]


def test_lines_of_a_step_that_counts_them_move_the_estimate() -> None:
    said: list[str] = []
    steps = Steps({"compile": 100.0, "link": 100.0}, lambda: 0.0)
    reporter = Reporter("kubernetes", steps, {"compile": 4}, said.append)
    for _ in range(2):
        reporter.tick("k8s.io/kubernetes/cmd\n")
    assert steps.estimate().percent == 25
    reporter.finish("compile")
    assert [json.loads(line)["percent"] for line in said] == [50]


def test_a_running_build_says_something_at_once() -> None:
    said: list[str] = []
    with Reporter("x", Steps({"step": 1.0}, lambda: 0.0), {}, said.append).running():
        pass
    assert json.loads(said[0]) == {"name": "x", "percent": 0, "remaining_seconds": 1}
