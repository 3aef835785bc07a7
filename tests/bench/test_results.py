"""The JSON that is kept, whole."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench.effort import Effort
from bench.figure import OURS, Figure, TimesBest
from bench.results import document, write

pytestmark = pytest.mark.unit

FIGURE = Figure("DHCP", "1/s", {OURS: (5000.0,), "kea": (3000.0,)}, TimesBest(2.0, ("kea",)))


def test_it_is_one_document(tmp_path: Path) -> None:
    told = document("dhcp", "2026-11-25T02:43:36+00:00", Effort(), {"cores": 2}, [FIGURE])
    assert json.loads(write(tmp_path / "new", told).read_text()) == {
        "what": "dhcp",
        "when": "2026-11-25T02:43:36+00:00",
        "effort": {
            "rounds": 3,
            "seconds": 6,
            "alone": False,
            "quick": False,
            "scale": 1.0,
            "trials": 40,
        },
        "machine": {"cores": 2},
        "figures": [
            {
                "what": "DHCP",
                "unit": "1/s",
                "goal": "≥ 2 x best of kea",
                "reached": 1.6667,
                "verdict": "FALLS SHORT",
                "medians": {"provisioner": 5000.0, "kea": 3000.0},
                "ours_is_times": {"provisioner": 1.0, "kea": 1.6667},
                "rounds": {"provisioner": [5000.0], "kea": [3000.0]},
            }
        ],
    }
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["dhcp.json"]
