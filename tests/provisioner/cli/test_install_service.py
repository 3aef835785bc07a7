from __future__ import annotations

import hashlib
import os
import shutil
import stat
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from harmony.domain.asset import Asset
from harmony.infra.asset_downloads import folder_in
from inventory.errors import OperatorError
from provisioner.cli import daemon_unit, service_unit
from provisioner.cli.install_service import (
    adopt_assets,
    adopt_built,
    binaries_in,
    code_folders,
    ensure_built,
    ensure_state,
    ensure_units,
)
from provisioner.cli.places import StatePlace
from provisioner.cli.unit_file import DAEMON, SERVICE
from provisioner.images import kubernetes
from provisioner.images.cache import Cache
from tests.provisioner.cli import units
from tests.provisioner.images.official_binaries import official_binaries

pytestmark = pytest.mark.unit

SITES = units.SERVICE


@dataclass
class RecordedCommands:
    """Notes what would have been run."""

    lines: list[str] = field(default_factory=list[str])

    def __call__(self, command: Sequence[str]) -> None:
        self.lines.append(" ".join(command))


def test_the_first_time_it_writes_enables_and_starts(tmp_path: Path) -> None:
    commands = RecordedCommands()
    assert ensure_units(SITES, tmp_path, commands)
    assert (tmp_path / DAEMON).read_text() == daemon_unit.render(SITES)
    assert (tmp_path / SERVICE).read_text() == service_unit.render(SITES)
    assert commands.lines == [
        "systemctl daemon-reload",
        f"systemctl enable --quiet {DAEMON} {SERVICE}",
        f"systemctl start {DAEMON}",
        f"systemctl start {SERVICE}",
    ]


def test_the_second_time_it_only_sees_to_it_that_both_run(tmp_path: Path) -> None:
    ensure_units(SITES, tmp_path, RecordedCommands())
    commands = RecordedCommands()
    assert not ensure_units(SITES, tmp_path, commands)
    assert commands.lines == [
        "systemctl daemon-reload",
        f"systemctl enable --quiet {DAEMON} {SERVICE}",
        f"systemctl start {DAEMON}",
        f"systemctl start {SERVICE}",
    ]


@pytest.mark.parametrize("survived", range(6))
def test_killed_at_any_point_the_next_run_never_leaves_an_old_unit_running(
    tmp_path: Path, survived: int
) -> None:
    """`loaded` is what systemd knows of the files, `running` out of which text a unit was started."""
    loaded, running, left = dict[str, str](), dict[str, str](), [100]

    def systemctl(command: Sequence[str]) -> None:
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        match command:
            case (_, "daemon-reload"):
                loaded.update({path.name: path.read_text() for path in tmp_path.iterdir()})
            case (_, "stop", name):
                running.pop(name, None)
            case (_, "start", name):
                running.setdefault(name, loaded[name])
            case _:
                pass

    ensure_units(SITES, tmp_path, systemctl)
    upgraded = replace(SITES, cache=SITES.cache / "of-another-version")
    left[0] = survived
    with pytest.raises(KeyboardInterrupt):
        ensure_units(upgraded, tmp_path, systemctl)
    left[0] = 100
    ensure_units(upgraded, tmp_path, systemctl)
    assert running == {
        DAEMON: daemon_unit.render(upgraded),
        SERVICE: service_unit.render(upgraded),
    }


def test_machines_are_served_while_the_command_is_replaced(tmp_path: Path) -> None:
    ensure_units(SITES, tmp_path, RecordedCommands())
    commands = RecordedCommands()
    beside = SITES.site_file.parent.parent / SITES.site_file.name
    assert ensure_units(replace(SITES, site_file=beside), tmp_path, commands)
    assert f"systemctl stop {SERVICE}" in commands.lines
    assert f"systemctl stop {DAEMON}" not in commands.lines
    assert sorted(path.name for path in tmp_path.iterdir()) == [DAEMON, SERVICE]


def test_the_state_is_closed_and_the_daemons_part_its_users(tmp_path: Path) -> None:
    place = StatePlace(tmp_path / "var/state")
    for _ in range(2):
        ensure_state(place, os.getuid(), os.getgid())
        assert stat.S_IMODE(place.root.stat().st_mode) == 0o700
        assert stat.S_IMODE(place.daemon.stat().st_mode) == 0o750
    assert list(place.root.iterdir()) == [place.daemon]


def test_official_binaries_are_taken_over_and_the_folder_may_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    callers, services = tmp_path / "callers", tmp_path / "services"
    monkeypatch.setenv("HARMONY_CACHE", str(callers))
    folder = official_binaries(tmp_path / "official")
    names = (kubernetes.NAME,)
    ensure_built(names, callers, folder)
    adopt_built(names, services, folder)
    kept = binaries_in(services, folder)
    shutil.rmtree(folder)
    ensure_built(names, services, kept)
    (built,) = Cache(services).all_finished()
    assert {Path(artifact.path).parent for artifact in built.artifacts} == {kept}


def test_it_runs_from_where_this_runs() -> None:
    folders = code_folders()
    assert any(Path(__file__).is_relative_to(folder) for folder in folders)
    assert any(Path(sys.executable).is_relative_to(folder) for folder in (*folders, Path("/usr")))
    assert not any(
        one.is_relative_to(other) for one in folders for other in folders if one is not other
    )


def test_assets_that_the_caller_has_are_taken_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also without a network: what was rehearsed is what is served."""
    monkeypatch.setenv("HARMONY_CACHE", str(tmp_path / "callers"))
    had, lacking = (
        Asset(text, url="http://127.0.0.1:1/", sha256=hashlib.sha256(text.encode()).hexdigest())
        for text in ("had", "lacking")
    )
    callers, services = folder_in(tmp_path / "callers"), folder_in(tmp_path / "services")
    with callers.locked(had, lambda done: None):
        callers.partial(had).write_text("had")
        callers.adopt(had)
    for _ in range(2):
        adopt_assets((had, lacking), tmp_path / "services")
    assert Path(services.finished(had)).read_text() == "had"
    assert (services.find(had) is not None, services.find(lacking)) == (True, None)


def test_the_assets_folder_is_there_for_the_unit(tmp_path: Path) -> None:
    adopt_assets((), tmp_path / "services")
    assert (tmp_path / "services" / "assets").is_dir()


def test_a_cache_that_cannot_be_written_does_while_no_asset_is_declared(tmp_path: Path) -> None:
    (tmp_path / "services").write_text("no folder")
    adopt_assets((), tmp_path / "services")
    with pytest.raises(OperatorError, match="no place for assets"):
        adopt_assets((Asset("a", url="http://x/a", sha256="0" * 64),), tmp_path / "services")
