"""Carrying out: what is told of it, and how each part's failure ends it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from typing_extensions import override

from harmony.domain.outcome import Outcome, Status
from harmony.maestro import Maestro
from inventory.errors import OperatorError
from provisioner.cli.board import RowKind
from provisioner.cli.carry_out import carry_out, services
from provisioner.cli.image_builds import ImageBuildError
from tests.harmony.scripted import Room, Thing
from tests.provisioner.cli.running import Stage

pytestmark = pytest.mark.protocol


def carried_out(stage: Stage, *scores: Thing) -> Mapping[str, Outcome]:
    maestro = Maestro[Any](stage.room)
    maestro.register(*scores)

    async def run() -> Mapping[str, Outcome]:
        async with services(stage.run):
            return await carry_out(stage.run, maestro)
        raise AssertionError("the services have swallowed an error")

    return asyncio.run(asyncio.wait_for(run(), 60))


def test_every_score_is_a_row_and_is_reported(tmp_path: Path) -> None:
    room = Room(script={"vase": [Outcome.running("waiting for water", details=("a tap",))]})
    stage = Stage(tmp_path, room=room)
    outcomes = carried_out(stage, Thing("vase"))
    assert {key: outcome.status for key, outcome in outcomes.items()} == {
        "thing/vase": Status.SUCCESS
    }
    rows = [row for row in stage.notebook.rows if row.kind is RowKind.SCORE]
    assert {row.name for row in rows} == {'Thing "vase"'}
    assert [(row.state, row.words, row.standing) for row in rows] == [
        ("started", "", "started"),
        ("interpret", "waiting for water", "running"),
        ("interpret", "vase is there", "success"),
        ("success", "vase is there", "success"),
    ]
    (report,) = stage.run.scores.values()
    assert (report.name, report.status, report.message) == (
        'Thing "vase"',
        "success",
        "vase is there",
    )
    assert stage.notebook.said == ["topology: swept"]


def test_nothing_begins_where_the_daemon_is_refused(tmp_path: Path) -> None:
    stage = Stage(tmp_path, refusal="port 67 is in use")
    with pytest.raises(OperatorError, match="port 67 is in use"):
        carried_out(stage, Thing("vase"))
    assert {row.name for row in stage.notebook.rows} == {"boot-programs"}
    assert stage.room.writes == []


def test_the_daemon_is_started_when_it_has_the_boot_programs(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    seen: list[str] = []
    stage.daemon.on_start = lambda: seen.extend(one.name for one in stage.run.builds.artifacts())
    carried_out(stage, Thing("vase"))
    assert seen == ["undionly.kpxe", "snponly.efi"]


def test_a_site_that_is_refused_ends_it_before_the_scores(tmp_path: Path) -> None:
    class Refusing(Room):
        @override
        async def ensure_ready(self) -> Outcome:
            raise OperatorError("interface lan9 doesn't exist")

    stage = Stage(tmp_path, room=Refusing())
    with pytest.raises(OperatorError, match="interface lan9"):
        carried_out(stage, Thing("vase"))
    assert stage.room.writes == []


def test_a_builder_that_fails_ends_it_with_its_own_error(tmp_path: Path) -> None:
    stage = Stage(tmp_path, scene="refuses")
    with pytest.raises(ImageBuildError) as failed:
        carried_out(stage, Thing("vase"))
    assert str(failed.value) == "boot-programs was not built: no mirror answers"
    assert stage.daemon.wanted == []


def test_a_bug_in_a_score_is_told_with_its_traceback_and_ends_nothing_else(tmp_path: Path) -> None:
    room = Room(script={"vase": [ZeroDivisionError("of a test")]})
    stage = Stage(tmp_path, room=room)
    outcomes = carried_out(stage, Thing("vase"), Thing("bowl"))
    assert outcomes["thing/vase"].status is Status.FAILURE
    assert outcomes["thing/bowl"].status is Status.SUCCESS
    (told,) = [said for said in stage.notebook.said if "Traceback" in said]
    assert told.endswith("ZeroDivisionError: of a test")


def test_upkeep_goes_on_and_ends_are_heard(tmp_path: Path) -> None:
    stage, heard = Stage(tmp_path), list[Mapping[str, Outcome]]()
    maestro = Maestro[Any](stage.room)
    maestro.register(Thing("vase"))

    async def run() -> None:
        async with services(stage.run):
            await carry_out(stage.run, maestro, keep=True, ended=heard.append)

    asyncio.run(asyncio.wait_for(run(), 60))
    assert [list(one) for one in heard] == [["thing/vase"]]
