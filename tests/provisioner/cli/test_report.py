"""The report: JSON there and back, and its text."""

from __future__ import annotations

import pytest

from provisioner.cli.phases import Phase
from provisioner.cli.report import (
    HostReport,
    Part,
    Reality,
    Report,
    ScoreReport,
    as_text,
    from_json,
    to_json,
)

pytestmark = pytest.mark.unit

REPORT = Report(
    site="home",
    declaration="ab" * 32,
    product="0.1.0",
    began=1_000.0,
    seconds=754.0,
    passed=True,
    until="done",
    acceleration="emulation (TCG)",
    hosts=(
        HostReport("cp1", "ready", (Phase("firmware", 1.0, 33.0), Phase("waiting", 34.0, None))),
    ),
    scores=(ScoreReport("KubernetesCluster home", "success", "3 nodes are Ready", 700.0),),
    parts=(
        Part("Kubernetes", Reality.REAL, "1.20.2"),
        Part("machines", Reality.EMULATED, "QEMU 7.2"),
        Part("switch", Reality.STAND_IN, "Linux bridge"),
    ),
    not_rehearsed=("w1's Wake-on-LAN",),
)


def test_json_there_and_back() -> None:
    assert from_json(to_json(REPORT)) == REPORT


def test_text() -> None:
    assert as_text(REPORT).splitlines() == [
        "rehearsal of home passed after 12:34",
        "  cp1          ready      firmware 0:33",
        "  KubernetesCluster home       success  11:40  3 nodes are Ready",
        "  emulated: machines (QEMU 7.2)",
        "  stand-in: switch (Linux bridge)",
        "  not rehearsed: w1's Wake-on-LAN",
    ]
