"""The page that shows the last results."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.__main__ import CONTESTS
from bench.effort import Effort
from bench.figure import OURS, AtMost, Figure, TimesBest
from bench.report import PAGE, write_page
from bench.results import FOLDER, document, write

pytestmark = pytest.mark.unit

FIGURES = [
    Figure("DHCP", "1/s", {OURS: (5000.0,), "kea": (4000.0,)}, TimesBest(2.0, ("kea",))),
    Figure("script, p99", "ms", {OURS: (3.14159,)}, AtMost(20.0)),
    Figure("memory", "MB", {OURS: (80.0,), "nginx": (0.0,)}),
]
SHOWN = """\
| | ours | peers | goal | |
| --- | --- | --- | --- | --- |
| DHCP | 5,000 1/s | kea 4,000 (1.25 x) | ≥ 2 x best of kea | FALLS SHORT |
| script, p99 | 3.14 ms |  | ≤ 20 | reached |
| memory | 80 MB | nginx 0 |  |  |

Measured on:
- dhcp, 2026-11-25T02:43:36+00:00, rounds: 3: cores 2; wrk: 4.1.0
"""


def test_it_shows_each_figure(tmp_path: Path) -> None:
    machine = {"cores": 2, "packages": {"wrk": "4.1.0"}}
    write(tmp_path, document("dhcp", "2026-11-25T02:43:36+00:00", Effort(), machine, FIGURES))
    (tmp_path / "http.json").write_text('{"what": "http"}')  # another version's
    text = write_page(tmp_path, ["dhcp", "tftp", "http"]).read_text()
    assert text.endswith(SHOWN)
    assert text.startswith("# What the last runs measured\n")


def test_the_page_in_the_tree_is_of_the_results_in_the_tree(tmp_path: Path) -> None:
    for file in FOLDER.glob("*.json"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    assert write_page(tmp_path, [*CONTESTS]).read_text() == (FOLDER / PAGE).read_text()
