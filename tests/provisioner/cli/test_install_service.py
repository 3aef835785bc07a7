from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from provisioner.cli.install_service import ensure_unit
from provisioner.cli.service_unit import NAME, ServiceUnit, render

pytestmark = pytest.mark.unit


@dataclass
class RecordedCommands:
    """Notes what would have been run."""

    lines: list[str] = field(default_factory=list[str])

    def __call__(self, command: Sequence[str]) -> None:
        self.lines.append(" ".join(command))


@pytest.fixture
def unit(tmp_path: Path) -> ServiceUnit:
    return ServiceUnit(
        Path("/opt/bin/provisioner"), Path("/etc/site.py"), tmp_path / "state", tmp_path / "cache"
    )


def test_the_first_time_it_writes_enables_and_starts(tmp_path: Path, unit: ServiceUnit) -> None:
    commands = RecordedCommands()
    assert ensure_unit(unit, tmp_path, commands)
    assert (tmp_path / NAME).read_text() == render(unit)
    assert commands.lines == [
        "systemctl daemon-reload",
        f"systemctl enable --quiet {NAME}",
        f"systemctl restart {NAME}",
    ]


def test_the_second_time_it_only_sees_to_it_that_it_runs(tmp_path: Path, unit: ServiceUnit) -> None:
    ensure_unit(unit, tmp_path, RecordedCommands())
    commands = RecordedCommands()
    assert not ensure_unit(unit, tmp_path, commands)
    assert commands.lines == [f"systemctl enable --quiet {NAME}", f"systemctl start {NAME}"]


def test_another_site_file_replaces_the_unit(tmp_path: Path, unit: ServiceUnit) -> None:
    ensure_unit(unit, tmp_path, RecordedCommands())
    assert ensure_unit(replace(unit, site_file=Path("/etc/b.py")), tmp_path, RecordedCommands())
    assert [path.name for path in tmp_path.iterdir()] == [NAME]
