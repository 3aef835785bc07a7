"""A contribution is taken whole or not at all, and its secrets no longer than needed."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from inventory.codes import Code
from inventory.contribution import Contribution, DnsRecord, Installation
from inventory.machine_state import MachineState
from provisioner.ports import StoredContribution, StoreFailed
from provisioner.protocol.boot.desired import ignition_digest
from provisioner.serve.contributions import missing_artifacts
from provisioner.serve.errors import ContributionRefused, NoSuchThing
from tests.provisioner.protocol.boot.values import IMAGE, SITE
from tests.provisioner.serve.world import IGNITION, World, file

pytestmark = pytest.mark.unit

KEY = ("cp1", ignition_digest(IGNITION))


def test_the_same_again_changes_nothing(tmp_path: Path) -> None:
    async def story() -> None:
        world = await World().open()
        wish = Contribution("names", records=(DnsRecord("api.x", "10.7.0.11"),))
        assert (await world.put(wish)).changed
        before = len(world.store.committed)
        assert not (await world.put(wish)).changed
        assert len(world.store.committed) == before
        assert set(world.contributions.etags()) == {"site", "names"}
        await world.contributions.delete("names")
        assert world.memory.desired.records == ()
        with pytest.raises(NoSuchThing):
            await world.contributions.delete("names")

    asyncio.run(story())


def test_a_collision_is_refused_before_anything_changes() -> None:
    async def story() -> None:
        world = await World().open()
        await world.put(Contribution("one", records=(DnsRecord("api.x", "10.7.0.11"),)))
        before = (len(world.store.committed), len(world.preparing.wanted))
        with pytest.raises(ContributionRefused) as refused:
            await world.put(Contribution("two", records=(DnsRecord("api.x", "10.7.0.12"),)))
        assert [one.code for one in refused.value.diagnostics] == [Code.COLLIDING_RECORDS]
        assert (len(world.store.committed), len(world.preparing.wanted)) == before

    asyncio.run(story())


def test_a_record_that_cannot_be_served_is_refused_and_one_of_old_in_nobodys_way() -> None:
    async def story() -> None:
        world = await World().open()
        wrong = Contribution("one", records=(DnsRecord("API.x", "10.7.0.11"),))
        with pytest.raises(ContributionRefused) as refused:
            await world.put(wrong)
        assert [one.code for one in refused.value.diagnostics] == [Code.INVALID_RECORD]
        world.memory.contributions["one"] = StoredContribution(wrong, "of old")
        assert (await world.put(Contribution("two"))).changed
        assert world.memory.desired.records == wrong.records

    asyncio.run(story())


def test_what_is_not_committed_is_not_served() -> None:
    async def story() -> None:
        world = await World(None).open()
        world.store.full = True
        with pytest.raises(StoreFailed):
            await world.put(Contribution("site", site=SITE))
        assert (world.preparing.in_force, world.preparing.abandoned) == (0, 1)
        assert world.memory.desired.site is None

    asyncio.run(story())


def test_missing_files_are_all_named(tmp_path: Path) -> None:
    there = file(tmp_path, "there")
    short = replace(there, name="short", size=1)
    found = missing_artifacts(Contribution("x", artifacts=(there, short, IMAGE)))
    assert [one.code for one in found] == [Code.MISSING_ARTIFACT] * 2
    assert found[0].message == f"the artifact short of x has 50 bytes, not 1: {there.path}"
    assert found[1].message == "the artifact node-image of x isn't there: /cache/node-image"


def test_the_same_again_is_refused_when_its_files_are_gone(tmp_path: Path) -> None:
    async def story() -> None:
        world = await World().open()
        wish = Contribution("x", artifacts=(file(tmp_path, "there"),))
        await world.put(wish)
        (tmp_path / "there").unlink()
        with pytest.raises(ContributionRefused) as refused:
            await world.put(wish)
        assert [one.code for one in refused.value.diagnostics] == [Code.MISSING_ARTIFACT]

    asyncio.run(story())


def test_a_secret_is_erased_when_its_machine_is_ready_and_kept_again_for_a_reinstall(
    tmp_path: Path,
) -> None:
    async def story() -> None:
        world = await World().open()
        image = file(tmp_path, "node-image")
        wish = Contribution("x", installations=(Installation("cp1", image, IGNITION),))
        await world.put(wish)
        assert KEY in world.memory.ignitions
        assert IGNITION not in repr(world.memory.contributions)
        await world.machines.next_order(await world.reported(), "http://10.7.0.1")
        await world.machines.first_boot_reported(world.current(), "id", "6.1")
        assert world.current().state is MachineState.READY
        assert not world.memory.ignitions
        assert not (await world.put(wish)).changed
        assert not world.memory.ignitions
        await world.operator.reinstall("cp1")
        assert not (await world.put(wish)).changed
        assert KEY in world.memory.ignitions

    asyncio.run(story())


def test_a_new_config_leaves_the_one_that_is_being_installed_alone(tmp_path: Path) -> None:
    async def story() -> None:
        world = await World().open()
        image = file(tmp_path, "node-image")
        await world.put(Contribution("x", installations=(Installation("cp1", image, IGNITION),)))
        await world.machines.next_order(await world.reported(), "http://10.7.0.1")
        await world.put(Contribution("x", installations=(Installation("cp1", image, "new"),)))
        assert set(world.memory.ignitions) == {KEY, ("cp1", ignition_digest("new"))}
        await world.contributions.delete("x")
        assert set(world.memory.ignitions) == {KEY}

    asyncio.run(story())


def test_whoever_the_site_does_not_name_is_dropped_with_it(tmp_path: Path) -> None:
    async def story() -> None:
        world = await World().open()
        image = file(tmp_path, "node-image")
        wish = Contribution(
            "old/installations", installations=(Installation("cp1", image, IGNITION),)
        )
        await world.put(wish)
        await world.put(Contribution("old/dns", records=(DnsRecord("api.x", "10.7.0.11"),)))
        await world.put(Contribution("kept/dns", records=(DnsRecord("api.y", "10.7.0.11"),)))
        owners = ("kept/dns", "new/installations")
        site = Contribution("site", site=SITE, owners=owners)
        assert (await world.put(site)).changed
        assert set(world.contributions.etags()) == {"site", "kept/dns"}
        assert world.memory.desired.installations == {}
        assert not world.memory.ignitions
        assert world.store.kinds[-3:] == ["ContributionDeleted"] * 2 + ["ContributionPut"]
        other = replace(wish.installations[0], ignition="other")
        await world.put(Contribution("new/installations", installations=(other,)))
        assert not (await world.put(site)).changed
        await world.put(wish_of_a_stranger := Contribution("stranger/dns"))
        assert (await world.put(site)).changed
        assert wish_of_a_stranger.owner not in world.contributions.etags()

    asyncio.run(story())


def test_nobody_is_dropped_by_a_site_that_is_refused(tmp_path: Path) -> None:
    async def story() -> None:
        world = await World().open()
        await world.put(Contribution("old/dns", records=(DnsRecord("api.x", "10.7.0.11"),)))
        world.store.full = True
        with pytest.raises(StoreFailed):
            await world.put(Contribution("site", site=SITE, owners=()))
        assert set(world.contributions.etags()) == {"site", "old/dns"}
        world.store.full = False
        with pytest.raises(ContributionRefused):
            await world.put(Contribution("old/dns", owners=()))

    asyncio.run(story())


def test_what_is_ordered_stays_ordered_and_its_files_are_served(tmp_path: Path) -> None:
    """Its Score is withdrawn while the machine is being installed: it gets to its end all the same."""

    async def story() -> None:
        world = await World().open()
        image, binary = file(tmp_path, "node-image"), file(tmp_path, "kubelet")
        await world.put(Contribution("old/artifacts", artifacts=(binary,)))
        await world.put(
            Contribution("old/installations", installations=(Installation("cp1", image, IGNITION),))
        )
        await world.machines.next_order(await world.reported(), "http://10.7.0.1")
        site = Contribution("site", site=SITE, owners=())
        await world.put(site)
        assert set(world.contributions.etags()) == {"site", "old/artifacts"}
        assert world.current().state is MachineState.INSTALLING
        assert KEY in world.memory.ignitions
        assert world.memory.artifact(image.sha256) == image
        assert world.memory.artifact(binary.sha256) == binary
        await world.machines.first_boot_reported(world.current(), "id", "6.1")
        await world.put(site)
        assert set(world.contributions.etags()) == {"site"}

    asyncio.run(story())


def test_a_changed_declaration_is_matched_again(tmp_path: Path) -> None:
    async def story() -> None:
        world = await World(replace(SITE, hosts=())).open()
        await world.reported()
        assert world.current().state is MachineState.INVENTORIED
        await world.put(Contribution("site", site=SITE))
        assert (world.current().state, world.current().host) == (MachineState.ASSIGNED, "cp1")
        await world.put(Contribution("site", site=replace(SITE, hosts=())))
        assert (world.current().state, world.current().host) == (MachineState.INVENTORIED, None)
        await world.put(Contribution("site", site=SITE))
        await world.put_files(tmp_path, "cp1")
        await world.machines.next_order(world.current(), "http://10.7.0.1")
        await world.put(Contribution("site", site=replace(SITE, hosts=())))
        assert (world.current().state, world.current().host) == (MachineState.INSTALLING, "cp1")

    asyncio.run(story())
